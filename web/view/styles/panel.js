import { css } from "./css.js";

export const panel = css`
  .launcher {
    position: relative;
    display: flex;
    align-items: center;
    gap: 8px;
    height: 52px;
    padding: 0 22px 0 18px;
    border-radius: 26px;
    background: var(--brand);
    color: #fff;
    font-size: 16px;
    font-weight: 600;
    box-shadow: 0 8px 24px rgb(20 60 140 / 28%);
    transition: background 0.15s;
  }

  .launcher:hover {
    background: var(--brand-deep);
  }

  .launcher .icon {
    width: 24px;
    height: 24px;
  }

  .badge {
    position: absolute;
    top: -6px;
    right: -4px;
    min-width: 22px;
    padding: 0 6px;
    border: 2px solid #fff;
    border-radius: 12px;
    background: #d0312d;
    font-size: 12px;
    line-height: 18px;
    text-align: center;
  }

  .panel {
    display: flex;
    flex-direction: column;
    width: 400px;
    height: min(680px, calc(100vh - 48px));
    overflow: hidden;
    border-radius: 18px;
    background: var(--ground);
    box-shadow:
      0 0 0 1px rgb(20 40 80 / 6%),
      0 18px 56px rgb(20 40 80 / 22%);
    animation: rise 0.22s ease-out;
  }

  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(12px);
    }
  }

  .header {
    display: flex;
    flex: none;
    align-items: center;
    gap: 10px;
    padding: 12px 10px 12px 16px;
    background: linear-gradient(120deg, #1b5bd0, #1a6fd6);
    color: #fff;
  }

  .logo {
    flex: none;
    width: 38px;
    height: 38px;
    border-radius: 12px;
    background: rgb(255 255 255 / 16%);
    font-size: 19px;
    font-weight: 700;
    line-height: 38px;
    text-align: center;
  }

  .titles {
    flex: 1;
    min-width: 0;
  }

  .title {
    overflow: hidden;
    font-size: 16px;
    font-weight: 600;
    line-height: 1.35;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .subtitle {
    overflow: hidden;
    font-size: 12px;
    line-height: 1.4;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .head-button {
    display: flex;
    flex: none;
    align-items: center;
    justify-content: center;
    gap: 4px;
    min-width: 44px;
    height: 44px;
    padding: 0 8px;
    border-radius: 10px;
    font-size: 14px;
    white-space: nowrap;
  }

  .head-button:hover {
    background: rgb(255 255 255 / 14%);
  }

  .header :focus-visible {
    outline-color: #fff;
    outline-offset: -2px;
  }

  .banner {
    display: flex;
    flex: none;
    align-items: center;
    gap: 8px;
    padding: 8px 12px;
    background: var(--warn-soft);
    color: var(--warn);
    font-size: 13px;
    line-height: 1.45;
    animation: appear 0.2s 0.8s backwards;
  }

  @keyframes appear {
    from {
      opacity: 0;
    }
  }

  .banner > span {
    flex: 1;
  }

  .banner .quiet {
    min-height: 36px;
    background: #fff;
    color: var(--warn);
  }

  .composer {
    flex: none;
    padding: 10px 12px 8px;
    border-top: 1px solid var(--line);
    background: var(--paper);
  }

  .field {
    display: flex;
    align-items: flex-end;
    gap: 8px;
    padding: 4px 4px 4px 14px;
    border: 1px solid #cdd5e1;
    border-radius: 24px;
    background: #fff;
    transition: border-color 0.15s;
  }

  .field:focus-within {
    border-color: var(--brand);
    box-shadow: 0 0 0 3px rgb(27 91 208 / 14%);
  }

  .input {
    flex: 1;
    min-width: 0;
    max-height: 132px;
    margin: 0;
    padding: 7px 0;
    border: 0;
    outline: 0;
    background: none;
    color: inherit;
    font: inherit;
    font-size: 16px;
    line-height: 24px;
    resize: none;
    overflow-y: auto;
  }

  .input::placeholder {
    color: #6a7485;
    opacity: 1;
  }

  .send {
    display: grid;
    flex: none;
    place-items: center;
    width: 38px;
    height: 38px;
    border-radius: 50%;
    background: var(--brand);
    color: #fff;
    transition: background 0.15s;
  }

  .send:hover:enabled {
    background: var(--brand-deep);
  }

  .send:disabled {
    background: #c3ccd9;
  }

  .input-hint {
    margin-top: 5px;
    color: var(--ink-2);
    font-size: 12px;
    line-height: 1.4;
    text-align: center;
  }

  .limit {
    color: var(--bad);
    font-size: 13px;
  }

  .limit:not(:empty) {
    padding: 0 4px 6px;
  }

  @media (pointer: coarse) {
    .input-hint {
      display: none;
    }

    .composer {
      padding-bottom: max(10px, env(safe-area-inset-bottom));
    }

    .send {
      width: 44px;
      height: 44px;
    }

    .input {
      padding: 10px 0;
    }
  }

  @media (max-width: 480px) {
    :host {
      right: 16px;
      bottom: max(16px, env(safe-area-inset-bottom));
    }

    .panel {
      position: fixed;
      top: var(--view-top, 0);
      left: 0;
      width: 100vw;
      height: var(--view-height, 100vh);
      border-radius: 0;
      box-shadow: none;
    }

    .header {
      padding-top: max(10px, env(safe-area-inset-top));
      padding-bottom: 10px;
    }
  }

  @media (max-width: 359px) {
    .subtitle {
      display: none;
    }
  }
`;

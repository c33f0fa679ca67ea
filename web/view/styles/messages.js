import { css } from "./css.js";

export const messages = css`
  .log {
    position: relative;
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }

  .scroller {
    flex: 1;
    min-height: 0;
    overflow-x: hidden;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: #c6cedb transparent;
  }

  .scroller:focus-visible {
    outline-offset: -3px;
  }

  .content {
    padding: 14px 14px 18px;
  }

  .welcome {
    padding: 18px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--paper);
  }

  .welcome strong {
    font-size: 17px;
  }

  .welcome p {
    margin: 6px 0 0;
    color: var(--ink-2);
    font-size: 14px;
  }

  .separator {
    margin: 18px 0 10px;
    color: var(--ink-2);
    font-size: 12px;
    line-height: 1.4;
    text-align: center;
  }

  .separator:first-child {
    margin-top: 2px;
  }

  .message {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    gap: 8px;
    margin-top: 8px;
    animation: arrive 0.18s ease-out;
  }

  @keyframes arrive {
    from {
      opacity: 0;
      transform: translateY(6px);
    }
  }

  .message.named:not(:first-child) {
    margin-top: 16px;
  }

  .separator + .message.named {
    margin-top: 0;
  }

  .name {
    display: none;
    margin: 0 0 -3px 2px;
    color: var(--ink-2);
    font-size: 12px;
    line-height: 1.4;
  }

  .named > .name {
    display: block;
  }

  .bubble {
    max-width: 88%;
    padding: 9px 13px;
    border: 1px solid var(--line);
    border-radius: 4px var(--radius) var(--radius);
    background: var(--paper);
    overflow-wrap: anywhere;
    text-wrap: pretty;
    white-space: pre-wrap;
  }

  .merchant {
    align-items: flex-end;
  }

  .merchant .bubble {
    border-color: var(--brand);
    border-radius: var(--radius) 4px var(--radius) var(--radius);
    background: var(--brand);
    color: #fff;
  }

  .staff .bubble {
    border-color: #bfe3d3;
    background: #eefaf4;
  }

  .staff > .name {
    color: var(--good);
    font-weight: 600;
  }

  .system {
    align-items: center;
  }

  .system .bubble {
    padding: 3px 12px;
    border: 0;
    border-radius: 12px;
    background: #e8ecf3;
    color: #4a5566;
    font-size: 13px;
    text-align: center;
  }

  .delivery {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 0 10px;
    margin-top: -4px;
    color: var(--ink-2);
    font-size: 12px;
  }

  .sending {
    animation: appear 0.2s 0.6s backwards;
  }

  .trouble {
    min-height: 32px;
    color: var(--bad);
    font-size: 13px;
    font-weight: 500;
    text-decoration: underline;
    text-underline-offset: 3px;
  }

  .refused {
    color: var(--bad);
    font-size: 13px;
  }

  .cards {
    display: flex;
    flex-direction: column;
    gap: 8px;
    width: 100%;
  }

  .buttons.row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .buttons.list {
    width: 100%;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--paper);
  }

  .choice {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 44px;
    text-align: left;
  }

  .choice-words {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .row > .choice {
    padding: 7px 18px;
    border: 1px solid #a9c2ee;
    border-radius: 22px;
    background: var(--paper);
    color: var(--brand-deep);
    font-weight: 500;
  }

  .list > .choice {
    width: 100%;
    padding: 9px 10px 9px 14px;
  }

  .list > .choice + .choice {
    border-top: 1px solid var(--line);
  }

  .list > .choice:focus-visible {
    outline-offset: -3px;
    border-radius: var(--radius);
  }

  .choice-label {
    display: block;
    line-height: 1.45;
  }

  .list .choice-label {
    color: var(--brand-deep);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }

  .choice-hint {
    display: block;
    color: var(--ink-2);
    font-size: 13px;
    line-height: 1.45;
  }

  .choice .icon {
    width: 16px;
    height: 16px;
    color: #8a96a8;
  }

  .choice:hover:enabled {
    background: var(--brand-soft);
  }

  .choice:disabled,
  .choice:disabled .choice-label,
  .choice:disabled .choice-hint {
    color: #737e8e;
    font-weight: 400;
  }

  .choice:disabled {
    border-color: var(--line);
    background: transparent;
  }

  .choice:disabled .icon {
    visibility: hidden;
  }

  .choice.chosen:disabled,
  .choice.chosen:disabled .choice-label {
    color: var(--brand-deep);
    font-weight: 500;
  }

  .choice.chosen:disabled {
    border-color: #c7d8f6;
    background: var(--brand-soft);
  }

  .typing {
    margin-top: 12px;
  }

  .dots {
    display: inline-flex;
    gap: 5px;
    padding: 14px 15px;
    border: 1px solid var(--line);
    border-radius: 4px var(--radius) var(--radius);
    background: var(--paper);
  }

  .dots i {
    width: 7px;
    height: 7px;
    border-radius: 50%;
    background: #8b9ab0;
    animation: breathe 1.2s infinite;
  }

  .dots i:nth-child(2) {
    animation-delay: 0.15s;
  }

  .dots i:nth-child(3) {
    animation-delay: 0.3s;
  }

  @keyframes breathe {
    0%,
    60%,
    100% {
      opacity: 0.35;
    }

    30% {
      opacity: 1;
    }
  }

  .to-end {
    position: absolute;
    bottom: 12px;
    left: 50%;
    display: flex;
    align-items: center;
    gap: 4px;
    height: 40px;
    padding: 0 16px 0 12px;
    border: 1px solid var(--line);
    border-radius: 20px;
    background: #fff;
    color: var(--brand-deep);
    font-size: 14px;
    font-weight: 500;
    box-shadow: 0 4px 14px rgb(20 40 80 / 16%);
    transform: translateX(-50%);
  }

  .to-end .icon {
    width: 16px;
    height: 16px;
  }
`;

import { css } from "./css.js";

export const base = css`
  :host {
    all: initial;
    --brand: #1b5bd0;
    --brand-deep: #1449ab;
    --brand-soft: #eaf1fe;
    --ink: #1b2330;
    --ink-2: #576273;
    --line: #e3e8f0;
    --ground: #f4f6fa;
    --paper: #ffffff;
    --good: #0b7a52;
    --good-soft: #e5f5ee;
    --bad: #bf2c2a;
    --bad-soft: #fdeeed;
    --warn: #8a5300;
    --warn-soft: #fff5e2;
    --radius: 14px;
    position: fixed;
    right: 24px;
    bottom: 24px;
    z-index: 2147483000;
    color: var(--ink);
    font:
      15px/1.6 -apple-system,
      BlinkMacSystemFont,
      "PingFang SC",
      "Microsoft YaHei",
      "Noto Sans CJK SC",
      "Source Han Sans SC",
      sans-serif;
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
  }

  :host([hidden]) {
    display: none;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  button {
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }

  button:disabled {
    cursor: default;
  }

  :focus-visible {
    outline: 2px solid var(--brand);
    outline-offset: 2px;
  }

  .icon {
    flex: none;
    width: 20px;
    height: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .quiet {
    flex: none;
    min-height: 32px;
    padding: 0 12px;
    border-radius: 8px;
    background: var(--brand-soft);
    color: var(--brand-deep);
    font-size: 14px;
    font-weight: 500;
  }

  .quiet:hover {
    background: #dbe7fd;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

import { css } from "./css.js";

export const cards = css`
  .card {
    padding: 14px 16px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--paper);
  }

  .card-head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 10px;
  }

  .card-title {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    font-size: 15px;
    font-weight: 600;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .card-foot {
    margin-top: 4px;
    color: var(--ink-2);
    font-size: 12px;
    line-height: 1.5;
  }

  .pill {
    flex: none;
    padding: 1px 10px;
    border-radius: 11px;
    background: var(--brand-soft);
    color: var(--brand-deep);
    font-size: 13px;
    font-weight: 500;
  }

  .arrived .pill {
    background: var(--good-soft);
    color: var(--good);
  }

  .stopped > .card-head .pill {
    background: var(--bad-soft);
    color: var(--bad);
  }

  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 24px;
    margin: 10px 0 0;
    padding: 10px 12px;
    border-radius: 10px;
    background: var(--ground);
  }

  .fact {
    min-width: 0;
  }

  .fact dt {
    color: var(--ink-2);
    font-size: 12px;
    line-height: 1.5;
  }

  .fact dd {
    margin: 0;
    font-size: 15px;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    line-height: 1.5;
    overflow-wrap: anywhere;
  }

  .fact.net dd {
    font-size: 18px;
    line-height: 1.25;
  }

  .stages {
    margin: 14px 0 0;
    padding: 0;
    list-style: none;
  }

  .stage {
    position: relative;
    min-height: 36px;
    padding: 0 0 10px 32px;
  }

  .stage:last-child {
    padding-bottom: 6px;
  }

  .stage:not(:last-child)::before {
    position: absolute;
    top: 23px;
    bottom: 1px;
    left: 9px;
    border-left: 2px dotted #c3ccd9;
    content: "";
  }

  .stage.done:not(:last-child)::before {
    border-left: 2px solid var(--brand);
  }

  .dot {
    position: absolute;
    top: 1px;
    left: 0;
    display: grid;
    place-items: center;
    width: 20px;
    height: 20px;
    border: 2px solid #c3ccd9;
    border-radius: 50%;
    background: #fff;
  }

  .dot .icon {
    width: 14px;
    height: 14px;
    color: #fff;
    stroke-width: 3;
  }

  .done > .dot {
    border-color: var(--brand);
    background: var(--brand);
  }

  .arrived .done > .dot {
    border-color: var(--good);
    background: var(--good);
  }

  .arrived .done:not(:last-child)::before {
    border-left-color: var(--good);
  }

  .current > .dot {
    border: 6px solid var(--brand);
    box-shadow: 0 0 0 4px rgb(27 91 208 / 16%);
  }

  .stage.stopped > .dot {
    border-color: var(--bad);
    background: var(--bad);
    box-shadow: 0 0 0 4px rgb(191 44 42 / 13%);
  }

  .stage-head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 8px;
    line-height: 22px;
  }

  .stage-label {
    font-weight: 500;
  }

  .current .stage-label,
  .stage.stopped .stage-label {
    font-weight: 700;
  }

  .pending .stage-label {
    color: var(--ink-2);
    font-weight: 400;
  }

  .stage-mark {
    padding: 0 8px;
    border-radius: 9px;
    background: var(--brand);
    color: #fff;
    font-size: 12px;
    line-height: 19px;
  }

  .stage.stopped .stage-mark {
    background: var(--bad);
  }

  .stage-at {
    margin-left: auto;
    color: var(--ink-2);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
    line-height: 1.5;
  }

  .stage-note {
    margin-top: 2px;
    font-size: 13px;
    line-height: 1.5;
    overflow-wrap: anywhere;
  }

  .stage.stopped .stage-note {
    color: var(--bad);
  }

  .ticket .card-title {
    color: var(--ink-2);
    font-size: 14px;
    font-weight: 500;
  }

  .ticket .card-title .icon {
    width: 18px;
    height: 18px;
  }

  .ticket-told {
    color: var(--good);
    font-size: 13px;
  }

  .ticket-row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 10px;
    margin-top: 4px;
  }

  .ticket-number {
    min-width: 0;
    font-size: 19px;
    font-weight: 700;
    font-variant-numeric: tabular-nums;
    letter-spacing: 0.02em;
    overflow-wrap: anywhere;
    user-select: all;
    -webkit-user-select: all;
  }

  .ticket .quiet {
    min-height: 40px;
  }

  .ticket-summary {
    margin: 6px 0 0;
    font-size: 14px;
    overflow-wrap: anywhere;
  }

  .ticket-next {
    display: flex;
    gap: 10px;
    margin-top: 10px;
    padding-top: 10px;
    border-top: 1px solid var(--line);
    font-size: 14px;
    overflow-wrap: anywhere;
  }

  .ticket-next-label {
    flex: none;
    color: var(--ink-2);
  }
`;

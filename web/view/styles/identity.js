import { css } from "./css.js";

export const identity = css`
  .identity-form {
    display: grid;
    gap: 10px;
    margin-top: 10px;
  }

  .form-field {
    display: grid;
    gap: 3px;
  }

  .form-field label {
    font-size: 13px;
    font-weight: 600;
  }

  .form-input {
    width: 100%;
    min-height: 42px;
    padding: 8px 12px;
    border: 1px solid #8794a8;
    border-radius: 10px;
    background: var(--paper);
    color: var(--ink);
    /* Below 16px a phone zooms into the field. */
    font: inherit;
    font-size: 16px;
    font-variant-numeric: tabular-nums;
  }

  .form-input[name="code"] {
    font-size: 20px;
    letter-spacing: 0.3em;
  }

  .form-hint,
  .form-told {
    margin: 0;
    color: var(--ink-2);
    font-size: 12px;
    line-height: 1.5;
  }

  .form-told {
    font-size: 13px;
  }

  .form-told:empty {
    display: none;
  }

  .form-told.trouble {
    color: var(--bad);
  }

  .form-actions {
    display: flex;
    align-items: center;
    gap: 12px;
  }

  .form-action {
    min-height: 42px;
    padding: 0 20px;
    border-radius: 21px;
    background: var(--brand);
    color: #ffffff;
    font-weight: 600;
  }

  .form-action:disabled {
    opacity: 0.5;
    cursor: default;
  }
`;

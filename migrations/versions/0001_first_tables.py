"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("mid", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complaint", sa.String(length=2000), nullable=False),
        sa.Column("question", sa.JSON(), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("txn_ids", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("finding", sa.String(length=32), nullable=True),
        sa.Column("cause", sa.String(length=32), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("playbook", sa.String(length=40), nullable=True),
        sa.Column("playbook_state", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(
        op.f("ix_cases_conversation_id_id"), "cases", ["conversation_id", "id"], unique=False
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("mid", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("control", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=36), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("mid", "channel", name=op.f("uq_conversations_mid_channel")),
    )
    op.create_table(
        "demo_world",
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seed", name=op.f("pk_demo_world")),
    )
    op.create_table(
        "imported_files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_imported_files")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("public_text", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(
        op.f("ix_incidents_scope_target_since"),
        "incidents",
        ["scope", "target", "since"],
        unique=False,
    )
    op.create_table(
        "merchants",
        sa.Column("mid", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("trade", sa.String(length=40), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("product", sa.String(length=32), nullable=False),
        sa.Column("cutoff", sa.Time(), nullable=False),
        sa.Column("window_start", sa.Time(), nullable=False),
        sa.Column("window_end", sa.Time(), nullable=False),
        sa.Column("fee_per_10k", sa.Integer(), nullable=False),
        sa.Column("min_payout", sa.BigInteger(), nullable=False),
        sa.Column("instant_cap_single", sa.BigInteger(), nullable=True),
        sa.Column("instant_cap_day", sa.BigInteger(), nullable=True),
        sa.Column("kyc_valid_until", sa.Date(), nullable=True),
        sa.Column("account_bank", sa.String(length=40), nullable=False),
        sa.Column("account_last4", sa.String(length=4), nullable=False),
        sa.Column("account_class", sa.String(length=32), nullable=False),
        sa.Column("account_state", sa.String(length=32), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("balance_reminder", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("mid", name=op.f("pk_merchants")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_table(
        "turns",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replies", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_turns")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("choice", sa.String(length=80), nullable=True),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=True),
        sa.Column("in_reply_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_messages_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["in_reply_to"], ["messages.id"], name=op.f("fk_messages_in_reply_to_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "conversation_id", "client_id", name=op.f("uq_messages_conversation_id_client_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_messages_conversation_id_id"), "messages", ["conversation_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_messages_state_conversation_id"),
        "messages",
        ["state", "conversation_id"],
        unique=False,
    )
    op.create_table(
        "payouts",
        sa.Column("no", sa.String(length=40), nullable=False),
        sa.Column("mid", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("plan_amount", sa.BigInteger(), nullable=False),
        sa.Column("suspended_amount", sa.BigInteger(), nullable=False),
        sa.Column("real_amount", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("credited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bank_channel", sa.String(length=16), nullable=False),
        sa.Column("account_bank", sa.String(length=40), nullable=False),
        sa.Column("account_last4", sa.String(length=4), nullable=False),
        sa.Column("fail_code", sa.String(length=16), nullable=True),
        sa.Column("fail_text", sa.String(length=120), nullable=True),
        sa.Column("previous_no", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["mid"], ["merchants.mid"], name=op.f("fk_payouts_mid_merchants")),
        sa.ForeignKeyConstraint(
            ["previous_no"], ["payouts.no"], name=op.f("fk_payouts_previous_no_payouts")
        ),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_payouts")),
    )
    op.create_index(
        op.f("ix_payouts_mid_created_at"), "payouts", ["mid", "created_at"], unique=False
    )
    op.create_index(op.f("ix_payouts_previous_no"), "payouts", ["previous_no"], unique=False)
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("mid", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("txn_ids", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finding", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_promises_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index(op.f("ix_promises_case_id"), "promises", ["case_id"], unique=False)
    op.create_index(op.f("ix_promises_state_id"), "promises", ["state", "id"], unique=False)
    op.create_table(
        "quarantined_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["imported_files.sha256"],
            name=op.f("fk_quarantined_lines_sha256_imported_files"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined_lines")),
        sa.UniqueConstraint("sha256", "line_no", name=op.f("uq_quarantined_lines_sha256_line_no")),
    )
    op.create_table(
        "terminals",
        sa.Column("tid", sa.String(length=8), nullable=False),
        sa.Column("sn", sa.String(length=32), nullable=False),
        sa.Column("mid", sa.String(length=32), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("sim_state", sa.String(length=32), nullable=False),
        sa.Column("sim_expires_on", sa.Date(), nullable=True),
        sa.Column("last_heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signal", sa.Integer(), nullable=False),
        sa.Column("app_version", sa.String(length=16), nullable=False),
        sa.Column("latest_version", sa.String(length=16), nullable=False),
        sa.Column("sign_state", sa.String(length=32), nullable=False),
        sa.Column("registered_area", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["mid"], ["merchants.mid"], name=op.f("fk_terminals_mid_merchants")
        ),
        sa.PrimaryKeyConstraint("tid", name=op.f("pk_terminals")),
        sa.UniqueConstraint("sn", name=op.f("uq_terminals_sn")),
    )
    op.create_index(op.f("ix_terminals_mid"), "terminals", ["mid"], unique=False)
    op.create_table(
        "tickets",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("mid", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tickets_case_id_cases")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tickets")),
    )
    op.create_index(op.f("ix_tickets_case_id"), "tickets", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_tickets_conversation_id"), "tickets", ["conversation_id"], unique=False
    )
    op.create_table(
        "txns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mid", sa.String(length=32), nullable=False),
        sa.Column("tid", sa.String(length=8), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("local_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("host_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("response_code", sa.String(length=8), nullable=True),
        sa.Column("ruleset", sa.String(length=16), nullable=True),
        sa.Column("card_last4", sa.String(length=4), nullable=True),
        sa.Column("card_type", sa.String(length=32), nullable=True),
        sa.Column("issuer", sa.String(length=40), nullable=True),
        sa.Column("ref_no", sa.String(length=32), nullable=True),
        sa.Column("trace_no", sa.String(length=6), nullable=True),
        sa.Column("batch_no", sa.String(length=6), nullable=True),
        sa.Column("auth_code", sa.String(length=6), nullable=True),
        sa.Column("order_no", sa.String(length=64), nullable=True),
        sa.Column("wallet_no", sa.String(length=64), nullable=True),
        sa.Column("original_id", sa.Integer(), nullable=True),
        sa.Column("reversal_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversal_code", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(["mid"], ["merchants.mid"], name=op.f("fk_txns_mid_merchants")),
        sa.ForeignKeyConstraint(
            ["original_id"], ["txns.id"], name=op.f("fk_txns_original_id_txns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_txns")),
    )
    op.create_index(
        op.f("ix_txns_mid_amount_local_at"), "txns", ["mid", "amount", "local_at"], unique=False
    )
    op.create_index(
        op.f("ix_txns_mid_card_last4_local_at"),
        "txns",
        ["mid", "card_last4", "local_at"],
        unique=False,
    )
    op.create_index(op.f("ix_txns_mid_local_at"), "txns", ["mid", "local_at"], unique=False)
    op.create_index(op.f("ix_txns_mid_order_no"), "txns", ["mid", "order_no"], unique=False)
    op.create_index(op.f("ix_txns_mid_ref_no"), "txns", ["mid", "ref_no"], unique=False)
    op.create_index(op.f("ix_txns_mid_wallet_no"), "txns", ["mid", "wallet_no"], unique=False)
    op.create_index(op.f("ix_txns_original_id"), "txns", ["original_id"], unique=False)
    op.create_table(
        "clearings",
        sa.Column("txn_id", sa.Integer(), nullable=False),
        sa.Column("clear_date", sa.Date(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recon_state", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["txn_id"], ["txns.id"], name=op.f("fk_clearings_txn_id_txns")),
        sa.PrimaryKeyConstraint("txn_id", name=op.f("pk_clearings")),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mid", sa.String(length=32), nullable=False),
        sa.Column("txn_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("materials", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["mid"], ["merchants.mid"], name=op.f("fk_holds_mid_merchants")),
        sa.ForeignKeyConstraint(["txn_id"], ["txns.id"], name=op.f("fk_holds_txn_id_txns")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_mid"), "holds", ["mid"], unique=False)
    op.create_index(op.f("ix_holds_txn_id"), "holds", ["txn_id"], unique=False)
    op.create_table(
        "planted_faults",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mid", sa.String(length=32), nullable=False),
        sa.Column("txn_id", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("tid", sa.String(length=8), nullable=True),
        sa.Column("complaint", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["mid"], ["merchants.mid"], name=op.f("fk_planted_faults_mid_merchants")
        ),
        sa.ForeignKeyConstraint(
            ["txn_id"], ["txns.id"], name=op.f("fk_planted_faults_txn_id_txns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planted_faults")),
    )
    op.create_index(op.f("ix_planted_faults_mid"), "planted_faults", ["mid"], unique=False)
    op.create_table(
        "terminal_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tid", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["tid"], ["terminals.tid"], name=op.f("fk_terminal_events_tid_terminals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminal_events")),
    )
    op.create_index(
        op.f("ix_terminal_events_tid_at"), "terminal_events", ["tid", "at"], unique=False
    )
    op.create_table(
        "settle_items",
        sa.Column("txn_id", sa.Integer(), nullable=False),
        sa.Column("mid", sa.String(length=32), nullable=False),
        sa.Column("settle_date", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("deducted", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.Column("payout_no", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["holds.id"], name=op.f("fk_settle_items_hold_id_holds")
        ),
        sa.ForeignKeyConstraint(
            ["mid"], ["merchants.mid"], name=op.f("fk_settle_items_mid_merchants")
        ),
        sa.ForeignKeyConstraint(
            ["payout_no"], ["payouts.no"], name=op.f("fk_settle_items_payout_no_payouts")
        ),
        sa.ForeignKeyConstraint(["txn_id"], ["txns.id"], name=op.f("fk_settle_items_txn_id_txns")),
        sa.PrimaryKeyConstraint("txn_id", name=op.f("pk_settle_items")),
    )
    op.create_index(op.f("ix_settle_items_payout_no"), "settle_items", ["payout_no"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_settle_items_payout_no"), table_name="settle_items")
    op.drop_table("settle_items")
    op.drop_index(op.f("ix_terminal_events_tid_at"), table_name="terminal_events")
    op.drop_table("terminal_events")
    op.drop_index(op.f("ix_planted_faults_mid"), table_name="planted_faults")
    op.drop_table("planted_faults")
    op.drop_index(op.f("ix_holds_txn_id"), table_name="holds")
    op.drop_index(op.f("ix_holds_mid"), table_name="holds")
    op.drop_table("holds")
    op.drop_table("clearings")
    op.drop_index(op.f("ix_txns_original_id"), table_name="txns")
    op.drop_index(op.f("ix_txns_mid_wallet_no"), table_name="txns")
    op.drop_index(op.f("ix_txns_mid_ref_no"), table_name="txns")
    op.drop_index(op.f("ix_txns_mid_order_no"), table_name="txns")
    op.drop_index(op.f("ix_txns_mid_local_at"), table_name="txns")
    op.drop_index(op.f("ix_txns_mid_card_last4_local_at"), table_name="txns")
    op.drop_index(op.f("ix_txns_mid_amount_local_at"), table_name="txns")
    op.drop_table("txns")
    op.drop_index(op.f("ix_tickets_conversation_id"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_case_id"), table_name="tickets")
    op.drop_table("tickets")
    op.drop_index(op.f("ix_terminals_mid"), table_name="terminals")
    op.drop_table("terminals")
    op.drop_table("quarantined_lines")
    op.drop_index(op.f("ix_promises_state_id"), table_name="promises")
    op.drop_index(op.f("ix_promises_case_id"), table_name="promises")
    op.drop_table("promises")
    op.drop_index(op.f("ix_payouts_previous_no"), table_name="payouts")
    op.drop_index(op.f("ix_payouts_mid_created_at"), table_name="payouts")
    op.drop_table("payouts")
    op.drop_index(op.f("ix_messages_state_conversation_id"), table_name="messages")
    op.drop_index(op.f("ix_messages_conversation_id_id"), table_name="messages")
    op.drop_table("messages")
    op.drop_table("turns")
    op.drop_table("notices")
    op.drop_table("merchants")
    op.drop_index(op.f("ix_incidents_scope_target_since"), table_name="incidents")
    op.drop_table("incidents")
    op.drop_table("imported_files")
    op.drop_table("demo_world")
    op.drop_table("conversations")
    op.drop_index(op.f("ix_cases_conversation_id_id"), table_name="cases")
    op.drop_table("cases")

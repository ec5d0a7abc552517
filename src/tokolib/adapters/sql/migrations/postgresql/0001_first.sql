-- The tables, indexes and views of a shop on postgresql.
-- Written by tools/migrations.py from what is declared; {prefix} and {schema} stand for the names of a database.

CREATE TABLE {schema}{prefix}schema (
    version BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    checksum TEXT COLLATE "C" NOT NULL,
    applied_at TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}schema_pkey PRIMARY KEY (version)
);

CREATE TABLE {schema}{prefix}history (
    partition TEXT COLLATE "C" NOT NULL,
    stream TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    topic TEXT COLLATE "C" NOT NULL,
    payload BYTEA NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT {prefix}history_pkey PRIMARY KEY (partition, stream, seq)
);

CREATE TABLE {schema}{prefix}outbox (
    partition TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    stream TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    due BIGINT NOT NULL,
    done BIGINT,
    buried BIGINT,
    tries BIGINT NOT NULL,
    error TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}outbox_pkey PRIMARY KEY (partition, event_id)
);

CREATE TABLE {schema}{prefix}relay (
    partition TEXT COLLATE "C" NOT NULL,
    turn BIGINT NOT NULL,
    CONSTRAINT {prefix}relay_pkey PRIMARY KEY (partition)
);

CREATE TABLE {schema}{prefix}ledger (
    partition TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    batch TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    refers_to TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT {prefix}ledger_pkey PRIMARY KEY (partition, name, id)
);

CREATE TABLE {schema}{prefix}counter (
    partition TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    CONSTRAINT {prefix}counter_pkey PRIMARY KEY (partition, name)
);

CREATE TABLE {schema}{prefix}stock (
    partition TEXT COLLATE "C" NOT NULL,
    resource TEXT COLLATE "C" NOT NULL,
    bucket BIGINT NOT NULL,
    on_hand BIGINT NOT NULL,
    held BIGINT NOT NULL,
    CONSTRAINT {prefix}stock_pkey PRIMARY KEY (partition, resource, bucket),
    CONSTRAINT {prefix}ck_stock_levels CHECK (held >= 0 AND on_hand >= held)
);

CREATE TABLE {schema}{prefix}hold (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    resource TEXT COLLATE "C" NOT NULL,
    quantity BIGINT NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    until BIGINT,
    bucket BIGINT NOT NULL,
    CONSTRAINT {prefix}hold_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}key (
    partition TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    result BYTEA NOT NULL,
    CONSTRAINT {prefix}key_pkey PRIMARY KEY (partition, scope, key)
);

CREATE INDEX {prefix}outbox_open ON {schema}{prefix}outbox (partition, stream, seq, due) WHERE done IS NULL;

CREATE INDEX {prefix}outbox_stream ON {schema}{prefix}outbox (partition, stream, seq, event_id);

CREATE INDEX {prefix}outbox_done ON {schema}{prefix}outbox (partition, done) WHERE done IS NOT NULL;

CREATE INDEX {prefix}outbox_dead ON {schema}{prefix}outbox (partition, stream, seq) WHERE buried IS NOT NULL AND done IS NULL;

CREATE INDEX {prefix}ledger_account ON {schema}{prefix}ledger (partition, name, account, id);

CREATE INDEX {prefix}ledger_refers_to ON {schema}{prefix}ledger (partition, name, refers_to, id);

CREATE INDEX {prefix}hold_leased ON {schema}{prefix}hold (partition, resource, until, quantity, bucket) WHERE state = 'leased';

CREATE TABLE {schema}{prefix}doc_settings (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT {prefix}doc_settings_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}doc_products (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "sku" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "external_id" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_products_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_products_sku ON {schema}{prefix}doc_products (partition, "sku", id);

CREATE INDEX {prefix}ix_products_status ON {schema}{prefix}doc_products (partition, "status", "sku", id);

CREATE UNIQUE INDEX {prefix}ix_products_external_id ON {schema}{prefix}doc_products (partition, "external_id") WHERE "external_id" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_skus (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT {prefix}doc_skus_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}doc_product_types (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "code" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_product_types_pkey PRIMARY KEY (partition, id)
);

CREATE UNIQUE INDEX {prefix}ix_product_types_code ON {schema}{prefix}doc_product_types (partition, "code");

CREATE TABLE {schema}{prefix}doc_categories (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT {prefix}doc_categories_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}doc_price_lists (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "currency" TEXT COLLATE "C" NOT NULL,
    "active" BIGINT NOT NULL,
    CONSTRAINT {prefix}doc_price_lists_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_price_lists_by_currency ON {schema}{prefix}doc_price_lists (partition, "currency", "active", id);

CREATE TABLE {schema}{prefix}doc_prices (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "list_id" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_prices_pkey PRIMARY KEY (partition, id)
);

CREATE UNIQUE INDEX {prefix}ix_prices_by_list ON {schema}{prefix}doc_prices (partition, "list_id", "key");

CREATE TABLE {schema}{prefix}doc_promotions (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "active" BIGINT NOT NULL,
    "by_coupon" BIGINT NOT NULL,
    CONSTRAINT {prefix}doc_promotions_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_promotions_running ON {schema}{prefix}doc_promotions (partition, "active", "by_coupon", id);

CREATE TABLE {schema}{prefix}doc_coupons (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "promotion_id" TEXT COLLATE "C" NOT NULL,
    "code" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_coupons_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_coupons_by_promotion ON {schema}{prefix}doc_coupons (partition, "promotion_id", "code", id);

CREATE TABLE {schema}{prefix}doc_charge_rules (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "active" BIGINT NOT NULL,
    CONSTRAINT {prefix}doc_charge_rules_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_charge_rules_running ON {schema}{prefix}doc_charge_rules (partition, "active", id);

CREATE TABLE {schema}{prefix}doc_locations (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT {prefix}doc_locations_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}doc_stock_buffers (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT {prefix}doc_stock_buffers_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}doc_backorders (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT {prefix}doc_backorders_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}doc_stock_items (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "sku" TEXT COLLATE "C" NOT NULL,
    "unit" TEXT COLLATE "C" NOT NULL,
    "step" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_stock_items_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}doc_transfers (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "source" TEXT COLLATE "C" NOT NULL,
    "target" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_transfers_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_transfers_by_state ON {schema}{prefix}doc_transfers (partition, "state", id);

CREATE TABLE {schema}{prefix}doc_counts (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "location" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_counts_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_counts_by_state ON {schema}{prefix}doc_counts (partition, "state", id);

CREATE TABLE {schema}{prefix}doc_lots (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "code" TEXT COLLATE "C" NOT NULL,
    "expires_on" TEXT COLLATE "C" NOT NULL,
    "stocked" BIGINT NOT NULL,
    CONSTRAINT {prefix}doc_lots_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_lots_by_expiry ON {schema}{prefix}doc_lots (partition, "key", "stocked", "expires_on", id);

CREATE TABLE {schema}{prefix}doc_expected_receipts (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "place" TEXT COLLATE "C" NOT NULL,
    "expected_on" TEXT COLLATE "C" NOT NULL,
    "open" BIGINT NOT NULL,
    CONSTRAINT {prefix}doc_expected_receipts_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_expected_receipts_by_day ON {schema}{prefix}doc_expected_receipts (partition, "place", "open", "expected_on", id);

CREATE TABLE {schema}{prefix}doc_delivery_methods (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_delivery_methods_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_delivery_methods_status ON {schema}{prefix}doc_delivery_methods (partition, "status", id);

CREATE TABLE {schema}{prefix}doc_rate_sheets (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "method" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_rate_sheets_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_rate_sheets_method ON {schema}{prefix}doc_rate_sheets (partition, "method", id);

CREATE TABLE {schema}{prefix}doc_carts (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "token" TEXT COLLATE "C" NOT NULL,
    "customer" TEXT COLLATE "C",
    "status" TEXT COLLATE "C" NOT NULL,
    "touched_at" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_carts_pkey PRIMARY KEY (partition, id)
);

CREATE UNIQUE INDEX {prefix}ix_carts_by_token ON {schema}{prefix}doc_carts (partition, "token");

CREATE INDEX {prefix}ix_carts_by_customer ON {schema}{prefix}doc_carts (partition, "customer", "status", id) WHERE "customer" IS NOT NULL;

CREATE INDEX {prefix}ix_carts_by_activity ON {schema}{prefix}doc_carts (partition, "status", "touched_at", id);

CREATE TABLE {schema}{prefix}doc_quotes (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "cart_id" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_quotes_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_quotes_by_cart ON {schema}{prefix}doc_quotes (partition, "cart_id", id);

CREATE TABLE {schema}{prefix}doc_offers (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "cart_id" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "until" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_offers_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_offers_by_state ON {schema}{prefix}doc_offers (partition, "state", "until", id);

CREATE INDEX {prefix}ix_offers_by_cart ON {schema}{prefix}doc_offers (partition, "cart_id", id);

CREATE TABLE {schema}{prefix}doc_foreign_orders (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "source" TEXT COLLATE "C" NOT NULL,
    "number" TEXT COLLATE "C" NOT NULL,
    "order_id" TEXT COLLATE "C" NOT NULL,
    "differs" BIGINT NOT NULL,
    CONSTRAINT {prefix}doc_foreign_orders_pkey PRIMARY KEY (partition, id)
);

CREATE UNIQUE INDEX {prefix}ix_foreign_orders_by_number ON {schema}{prefix}doc_foreign_orders (partition, "source", "number");

CREATE INDEX {prefix}ix_foreign_orders_by_order ON {schema}{prefix}doc_foreign_orders (partition, "order_id", id);

CREATE INDEX {prefix}ix_foreign_orders_differing ON {schema}{prefix}doc_foreign_orders (partition, "differs", id);

CREATE TABLE {schema}{prefix}doc_orders (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "reference" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "payment" TEXT COLLATE "C" NOT NULL,
    "fulfilment" TEXT COLLATE "C" NOT NULL,
    "returns" TEXT COLLATE "C" NOT NULL,
    "customer" TEXT COLLATE "C",
    "cart_id" TEXT COLLATE "C",
    "requested_at" TEXT COLLATE "C" NOT NULL,
    "due_until" TEXT COLLATE "C",
    "currency" TEXT COLLATE "C" NOT NULL,
    "currency_digits" BIGINT NOT NULL,
    "goods" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "shipping" BIGINT NOT NULL,
    "other_charges" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,
    "credited" BIGINT NOT NULL,
    "written_off" BIGINT NOT NULL,
    "retained" BIGINT NOT NULL,
    "captured" BIGINT NOT NULL,
    "refunded" BIGINT NOT NULL,
    "channel" TEXT COLLATE "C" NOT NULL,
    "tender" TEXT COLLATE "C" NOT NULL,
    "delivery" TEXT COLLATE "C",
    "location" TEXT COLLATE "C" NOT NULL,
    "quote_id" TEXT COLLATE "C",
    "placed_at" TEXT COLLATE "C",
    "local_date" TEXT COLLATE "C" NOT NULL,
    "ending" TEXT COLLATE "C" NOT NULL,
    "sub_state" TEXT COLLATE "C",
    "lapses_at" TEXT COLLATE "C",
    "waits" TEXT COLLATE "C",
    "awaits_since" TEXT COLLATE "C",
    "grants_since" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_orders_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}fact_order_lines (
    partition TEXT COLLATE "C" NOT NULL,
    document_id TEXT COLLATE "C" NOT NULL,
    row_number BIGINT NOT NULL,
    "line_id" TEXT COLLATE "C" NOT NULL,
    "product_id" TEXT COLLATE "C" NOT NULL,
    "sku" TEXT COLLATE "C" NOT NULL,
    "sku_key" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "quantity" TEXT COLLATE "C" NOT NULL,
    "unit" TEXT COLLATE "C" NOT NULL,
    "step" TEXT COLLATE "C" NOT NULL,
    "steps" BIGINT NOT NULL,
    "currency" TEXT COLLATE "C" NOT NULL,
    "base" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "net" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,
    "shipped" BIGINT NOT NULL,
    "delivered" BIGINT NOT NULL,
    "cancelled" BIGINT NOT NULL,
    "returned" BIGINT NOT NULL,
    "local_date" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}fact_order_lines_pkey PRIMARY KEY (partition, document_id, row_number)
);

CREATE UNIQUE INDEX {prefix}ix_orders_by_reference ON {schema}{prefix}doc_orders (partition, "reference");

CREATE INDEX {prefix}ix_orders_by_time ON {schema}{prefix}doc_orders (partition, "requested_at", id);

CREATE INDEX {prefix}ix_orders_by_state ON {schema}{prefix}doc_orders (partition, "state", "requested_at", id);

CREATE INDEX {prefix}ix_orders_by_due ON {schema}{prefix}doc_orders (partition, "state", "due_until", id) WHERE "due_until" IS NOT NULL;

CREATE INDEX {prefix}ix_orders_by_customer ON {schema}{prefix}doc_orders (partition, "customer", "requested_at", id) WHERE "customer" IS NOT NULL;

CREATE INDEX {prefix}ix_orders_by_customer_state ON {schema}{prefix}doc_orders (partition, "customer", "state", "requested_at", id) WHERE "customer" IS NOT NULL;

CREATE INDEX {prefix}ix_orders_by_sub_state ON {schema}{prefix}doc_orders (partition, "sub_state", "requested_at", id) WHERE "sub_state" IS NOT NULL;

CREATE INDEX {prefix}ix_orders_lapses ON {schema}{prefix}doc_orders (partition, "lapses_at", id) WHERE "lapses_at" IS NOT NULL;

CREATE INDEX {prefix}ix_orders_waits ON {schema}{prefix}doc_orders (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE INDEX {prefix}ix_orders_awaiting ON {schema}{prefix}doc_orders (partition, "awaits_since", id) WHERE "awaits_since" IS NOT NULL;

CREATE INDEX {prefix}ix_orders_grants ON {schema}{prefix}doc_orders (partition, "grants_since", id) WHERE "grants_since" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_tenders (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT {prefix}doc_tenders_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}doc_payment_plans (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT {prefix}doc_payment_plans_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}doc_intents (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "order_id" TEXT COLLATE "C" NOT NULL,
    "ask_at" TEXT COLLATE "C",
    "notice_at" TEXT COLLATE "C",
    "absent" TEXT COLLATE "C",
    "waits" TEXT COLLATE "C",
    "payout" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_intents_pkey PRIMARY KEY (partition, id)
);

CREATE TABLE {schema}{prefix}fact_payment_operations (
    partition TEXT COLLATE "C" NOT NULL,
    document_id TEXT COLLATE "C" NOT NULL,
    row_number BIGINT NOT NULL,
    "operation_id" TEXT COLLATE "C" NOT NULL,
    "order_id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "provider" TEXT COLLATE "C" NOT NULL,
    "currency" TEXT COLLATE "C" NOT NULL,
    "currency_digits" BIGINT NOT NULL,
    "amount" BIGINT NOT NULL,
    "attempt" BIGINT NOT NULL,
    "reference" TEXT COLLATE "C" NOT NULL,
    "about" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C" NOT NULL,
    "failure" TEXT COLLATE "C" NOT NULL,
    "requested_at" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}fact_payment_operations_pkey PRIMARY KEY (partition, document_id, row_number)
);

CREATE UNIQUE INDEX {prefix}ix_intents_order ON {schema}{prefix}doc_intents (partition, "order_id");

CREATE INDEX {prefix}ix_intents_ask ON {schema}{prefix}doc_intents (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_intents_notice ON {schema}{prefix}doc_intents (partition, "notice_at", id) WHERE "notice_at" IS NOT NULL;

CREATE INDEX {prefix}ix_intents_absent ON {schema}{prefix}doc_intents (partition, "absent", id) WHERE "absent" IS NOT NULL;

CREATE INDEX {prefix}ix_intents_waits ON {schema}{prefix}doc_intents (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE INDEX {prefix}ix_intents_payout ON {schema}{prefix}doc_intents (partition, "payout", id) WHERE "payout" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_quarantines (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "waits" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_quarantines_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_quarantines_waits ON {schema}{prefix}doc_quarantines (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_gift_cards (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "digest" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "valid_until" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_gift_cards_pkey PRIMARY KEY (partition, id)
);

CREATE UNIQUE INDEX {prefix}ix_gift_cards_by_digest ON {schema}{prefix}doc_gift_cards (partition, "digest");

CREATE INDEX {prefix}ix_gift_cards_by_date ON {schema}{prefix}doc_gift_cards (partition, "state", "valid_until", id);

CREATE TABLE {schema}{prefix}doc_credit_grants (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "customer" TEXT COLLATE "C" NOT NULL,
    "currency" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "valid_until" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_credit_grants_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_credit_grants_by_customer ON {schema}{prefix}doc_credit_grants (partition, "customer", "currency", "state", "valid_until", id);

CREATE INDEX {prefix}ix_credit_grants_by_date ON {schema}{prefix}doc_credit_grants (partition, "state", "valid_until", id);

CREATE TABLE {schema}{prefix}doc_shipments (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "order_id" TEXT COLLATE "C" NOT NULL,
    "number" BIGINT NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "wait" TEXT COLLATE "C",
    "tracking" TEXT COLLATE "C",
    "ask_at" TEXT COLLATE "C",
    "collect_by" TEXT COLLATE "C",
    "missed" TEXT COLLATE "C",
    "sub_state" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_shipments_pkey PRIMARY KEY (partition, id)
);

CREATE UNIQUE INDEX {prefix}ix_shipments_by_order ON {schema}{prefix}doc_shipments (partition, "order_id", "number");

CREATE INDEX {prefix}ix_shipments_by_state ON {schema}{prefix}doc_shipments (partition, "state", id);

CREATE INDEX {prefix}ix_shipments_by_wait ON {schema}{prefix}doc_shipments (partition, "wait", id) WHERE "wait" IS NOT NULL;

CREATE INDEX {prefix}ix_shipments_by_tracking ON {schema}{prefix}doc_shipments (partition, "tracking", id) WHERE "tracking" IS NOT NULL;

CREATE INDEX {prefix}ix_shipments_by_ask ON {schema}{prefix}doc_shipments (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_shipments_by_collect ON {schema}{prefix}doc_shipments (partition, "collect_by", id) WHERE "collect_by" IS NOT NULL;

CREATE INDEX {prefix}ix_shipments_by_missed ON {schema}{prefix}doc_shipments (partition, "missed", id) WHERE "missed" IS NOT NULL;

CREATE INDEX {prefix}ix_shipments_by_sub_state ON {schema}{prefix}doc_shipments (partition, "sub_state", id) WHERE "sub_state" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_labels (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "shipment_id" TEXT COLLATE "C" NOT NULL,
    "account" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "ask_at" TEXT COLLATE "C",
    "absent" TEXT COLLATE "C",
    "waits" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_labels_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_labels_by_shipment ON {schema}{prefix}doc_labels (partition, "shipment_id", id);

CREATE INDEX {prefix}ix_labels_ask ON {schema}{prefix}doc_labels (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_labels_absent ON {schema}{prefix}doc_labels (partition, "absent", id) WHERE "absent" IS NOT NULL;

CREATE INDEX {prefix}ix_labels_waits ON {schema}{prefix}doc_labels (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_pickups (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "account" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "comes" TEXT COLLATE "C" NOT NULL,
    "ask_at" TEXT COLLATE "C",
    "absent" TEXT COLLATE "C",
    "waits" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_pickups_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_pickups_by_state ON {schema}{prefix}doc_pickups (partition, "state", "comes", id);

CREATE INDEX {prefix}ix_pickups_ask ON {schema}{prefix}doc_pickups (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_pickups_absent ON {schema}{prefix}doc_pickups (partition, "absent", id) WHERE "absent" IS NOT NULL;

CREATE INDEX {prefix}ix_pickups_waits ON {schema}{prefix}doc_pickups (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_manifests (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "number" BIGINT NOT NULL,
    "account" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_manifests_pkey PRIMARY KEY (partition, id)
);

CREATE UNIQUE INDEX {prefix}ix_manifests_by_number ON {schema}{prefix}doc_manifests (partition, "number");

CREATE INDEX {prefix}ix_manifests_by_account ON {schema}{prefix}doc_manifests (partition, "account", "number", id);

CREATE TABLE {schema}{prefix}doc_licences (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "sku_key" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "order_id" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_licences_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_licences_by_sku ON {schema}{prefix}doc_licences (partition, "sku_key", "state", id);

CREATE INDEX {prefix}ix_licences_by_order ON {schema}{prefix}doc_licences (partition, "order_id", id) WHERE "order_id" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_returns (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "order_id" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "lapses_at" TEXT COLLATE "C",
    "sub_state" TEXT COLLATE "C",
    "unused" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_returns_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_returns_by_order ON {schema}{prefix}doc_returns (partition, "order_id", id);

CREATE INDEX {prefix}ix_returns_by_state ON {schema}{prefix}doc_returns (partition, "state", id);

CREATE INDEX {prefix}ix_returns_lapses ON {schema}{prefix}doc_returns (partition, "lapses_at", id) WHERE "lapses_at" IS NOT NULL;

CREATE INDEX {prefix}ix_returns_by_sub_state ON {schema}{prefix}doc_returns (partition, "sub_state", id) WHERE "sub_state" IS NOT NULL;

CREATE INDEX {prefix}ix_returns_by_unused ON {schema}{prefix}doc_returns (partition, "unused", id) WHERE "unused" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_return_labels (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "return_id" TEXT COLLATE "C" NOT NULL,
    "account" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "ask_at" TEXT COLLATE "C",
    "absent" TEXT COLLATE "C",
    "waits" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_return_labels_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_return_labels_by_return ON {schema}{prefix}doc_return_labels (partition, "return_id", id);

CREATE INDEX {prefix}ix_return_labels_by_state ON {schema}{prefix}doc_return_labels (partition, "state", id);

CREATE INDEX {prefix}ix_return_labels_ask ON {schema}{prefix}doc_return_labels (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_return_labels_absent ON {schema}{prefix}doc_return_labels (partition, "absent", id) WHERE "absent" IS NOT NULL;

CREATE INDEX {prefix}ix_return_labels_waits ON {schema}{prefix}doc_return_labels (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_exchanges (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "order_id" TEXT COLLATE "C" NOT NULL,
    "return_id" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "lapses_at" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_exchanges_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_exchanges_by_order ON {schema}{prefix}doc_exchanges (partition, "order_id", id);

CREATE INDEX {prefix}ix_exchanges_by_state ON {schema}{prefix}doc_exchanges (partition, "state", id);

CREATE INDEX {prefix}ix_exchanges_lapses ON {schema}{prefix}doc_exchanges (partition, "lapses_at", id) WHERE "lapses_at" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_claims (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "order_id" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "remedy" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_claims_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_claims_by_order ON {schema}{prefix}doc_claims (partition, "order_id", id);

CREATE INDEX {prefix}ix_claims_by_state ON {schema}{prefix}doc_claims (partition, "state", id);

CREATE TABLE {schema}{prefix}doc_invoices (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "order_id" TEXT COLLATE "C" NOT NULL,
    "number" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_invoices_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_invoices_by_order ON {schema}{prefix}doc_invoices (partition, "order_id", id);

CREATE UNIQUE INDEX {prefix}ix_invoices_by_number ON {schema}{prefix}doc_invoices (partition, "number");

CREATE TABLE {schema}{prefix}doc_series (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT {prefix}doc_series_pkey PRIMARY KEY (partition, id)
);

CREATE UNIQUE INDEX {prefix}ix_series_by_id ON {schema}{prefix}doc_series (partition, "name");

CREATE TABLE {schema}{prefix}doc_tax_filings (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "order_id" TEXT COLLATE "C" NOT NULL,
    "provider" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "ask_at" TEXT COLLATE "C",
    "absent" TEXT COLLATE "C",
    "waits" TEXT COLLATE "C",
    "by_hand" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_tax_filings_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_tax_filings_ask ON {schema}{prefix}doc_tax_filings (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_tax_filings_absent ON {schema}{prefix}doc_tax_filings (partition, "absent", id) WHERE "absent" IS NOT NULL;

CREATE INDEX {prefix}ix_tax_filings_waits ON {schema}{prefix}doc_tax_filings (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE INDEX {prefix}ix_tax_filings_by_hand ON {schema}{prefix}doc_tax_filings (partition, "by_hand", id) WHERE "by_hand" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_settlements (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "provider" TEXT COLLATE "C" NOT NULL,
    "batch" TEXT COLLATE "C" NOT NULL,
    "payout" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "settled_on" TEXT COLLATE "C" NOT NULL,
    "standing" TEXT COLLATE "C" NOT NULL,
    "why" TEXT COLLATE "C" NOT NULL,
    "taken_at" TEXT COLLATE "C" NOT NULL,
    "order_id" TEXT COLLATE "C",
    "operation_id" TEXT COLLATE "C",
    "currency" TEXT COLLATE "C" NOT NULL,
    "currency_digits" BIGINT NOT NULL,
    "gross" BIGINT NOT NULL,
    "fee" BIGINT NOT NULL,
    "fee_tax" BIGINT NOT NULL,
    "withheld" BIGINT NOT NULL,
    "net" BIGINT NOT NULL,
    "waits" TEXT COLLATE "C",
    "shipment_id" TEXT COLLATE "C",
    "claim_due" TEXT COLLATE "C",
    "paid" BIGINT,
    CONSTRAINT {prefix}doc_settlements_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_settlements_waits ON {schema}{prefix}doc_settlements (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE INDEX {prefix}ix_settlements_by_order ON {schema}{prefix}doc_settlements (partition, "order_id", id) WHERE "order_id" IS NOT NULL;

CREATE INDEX {prefix}ix_settlements_by_claim ON {schema}{prefix}doc_settlements (partition, "claim_due", id) WHERE "claim_due" IS NOT NULL;

CREATE INDEX {prefix}ix_settlements_by_paid ON {schema}{prefix}doc_settlements (partition, "paid", id) WHERE "paid" IS NOT NULL;

CREATE UNIQUE INDEX {prefix}ix_settlements_by_operation ON {schema}{prefix}doc_settlements (partition, "operation_id") WHERE "operation_id" IS NOT NULL;

CREATE INDEX {prefix}ix_settlements_by_day ON {schema}{prefix}doc_settlements (partition, "provider", "settled_on", id);

CREATE INDEX {prefix}ix_settlements_by_standing ON {schema}{prefix}doc_settlements (partition, "standing", "taken_at", id);

CREATE TABLE {schema}{prefix}doc_bank_lines (
    partition TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    "account" TEXT COLLATE "C" NOT NULL,
    "standing" TEXT COLLATE "C" NOT NULL,
    "booked_on" TEXT COLLATE "C" NOT NULL,
    "currency" TEXT COLLATE "C" NOT NULL,
    "currency_digits" BIGINT NOT NULL,
    "amount" BIGINT NOT NULL,
    "matched_with" TEXT COLLATE "C",
    CONSTRAINT {prefix}doc_bank_lines_pkey PRIMARY KEY (partition, id)
);

CREATE INDEX {prefix}ix_bank_lines_by_account ON {schema}{prefix}doc_bank_lines (partition, "account", "standing", "booked_on", id);

CREATE VIEW {schema}{prefix}v_orders AS
SELECT
    o.partition AS "tenant",
    o.id AS "order_id",
    o.reference AS "reference",
    o.state AS "state",
    o.sub_state AS "sub_state",
    o.payment AS "payment",
    o.fulfilment AS "fulfilment",
    o.returns AS "returns",
    o.customer AS "customer",
    o.channel AS "channel",
    o.tender AS "tender",
    o.delivery AS "delivery",
    o.location AS "location",
    o.currency AS "currency",
    o.currency_digits AS "currency_digits",
    o.goods AS "goods",
    o.shipping AS "shipping",
    o.other_charges AS "other_charges",
    o.discount AS "discount",
    o.tax AS "tax",
    o.total AS "total",
    o.credited AS "credited",
    o.written_off AS "written_off",
    o.retained AS "retained",
    o.captured AS "captured",
    o.refunded AS "refunded",
    CAST(o.requested_at AS timestamptz) AS "requested_at",
    CAST(o.placed_at AS timestamptz) AS "placed_at",
    CAST(o.due_until AS timestamptz) AS "due_until",
    CAST(o.local_date AS date) AS "local_date",
    o.ending AS "ending",
    o.cart_id AS "cart_id",
    o.quote_id AS "quote_id"
FROM {schema}{prefix}doc_orders o;

CREATE VIEW {schema}{prefix}v_order_lines AS
SELECT
    l.partition AS "tenant",
    l.document_id AS "order_id",
    l.row_number + 1 AS "line_number",
    l.line_id AS "line_id",
    l.product_id AS "product_id",
    l.sku AS "sku",
    l.sku_key AS "sku_key",
    l.name AS "name",
    CAST(l.quantity AS numeric) AS "quantity",
    l.unit AS "unit",
    CAST(l.step AS numeric) AS "step",
    l.steps AS "steps",
    l.shipped AS "shipped_steps",
    l.delivered AS "delivered_steps",
    l.cancelled AS "cancelled_steps",
    l.returned AS "returned_steps",
    l.currency AS "currency",
    o.currency_digits AS "currency_digits",
    l.base AS "base",
    l.discount AS "discount",
    l.net AS "net",
    l.tax AS "tax",
    l.total AS "total",
    o.state AS "order_state",
    CAST(o.placed_at AS timestamptz) AS "placed_at",
    CAST(l.local_date AS date) AS "local_date"
FROM {schema}{prefix}fact_order_lines l
JOIN {schema}{prefix}doc_orders o ON o.partition = l.partition AND o.id = l.document_id;

CREATE VIEW {schema}{prefix}v_payments AS
SELECT
    p.partition AS "tenant",
    p.document_id AS "payment_id",
    p.operation_id AS "operation_id",
    p.order_id AS "order_id",
    p.kind AS "kind",
    p.state AS "state",
    p.provider AS "provider",
    p.currency AS "currency",
    p.currency_digits AS "currency_digits",
    p.amount AS "amount",
    CASE WHEN p.state <> 'succeeded' THEN 0 WHEN p.kind IN ('charge', 'capture', 'chargeback_reversal') THEN p.amount WHEN p.kind IN ('reversal', 'chargeback') THEN -p.amount ELSE 0 END AS "received",
    p.attempt AS "attempt",
    p.reference AS "reference",
    p.about AS "about",
    p.failure AS "failure",
    CAST(p.requested_at AS timestamptz) AS "requested_at"
FROM {schema}{prefix}fact_payment_operations p
WHERE p.kind <> 'refund';

CREATE VIEW {schema}{prefix}v_refunds AS
SELECT
    p.partition AS "tenant",
    p.document_id AS "payment_id",
    p.operation_id AS "operation_id",
    p.order_id AS "order_id",
    p.state AS "state",
    p.provider AS "provider",
    p.currency AS "currency",
    p.currency_digits AS "currency_digits",
    p.amount AS "amount",
    CASE WHEN p.state = 'succeeded' THEN p.amount ELSE 0 END AS "refunded",
    p.attempt AS "attempt",
    p.reference AS "reference",
    p.about AS "about",
    p.reason AS "reason",
    p.failure AS "failure",
    CAST(p.requested_at AS timestamptz) AS "requested_at"
FROM {schema}{prefix}fact_payment_operations p
WHERE p.kind = 'refund';

CREATE VIEW {schema}{prefix}v_postings AS
SELECT
    g.partition AS "tenant",
    g.id AS "leg_id",
    g.batch AS "posting_id",
    g.account AS "account",
    g.amount AS "amount",
    g.unit AS "currency",
    o.currency_digits AS "currency_digits",
    g.kind AS "event",
    g.refers_to AS "order_id",
    timestamptz 'epoch' + g.at * interval '1 microsecond' AS "posted_at"
FROM {schema}{prefix}ledger g
LEFT JOIN {schema}{prefix}doc_orders o ON o.partition = g.partition AND o.id = g.refers_to
WHERE g.name = 'money';

CREATE VIEW {schema}{prefix}v_stock_moves AS
SELECT
    g.partition AS "tenant",
    g.id AS "move_id",
    timestamptz 'epoch' + g.at * interval '1 microsecond' AS "moved_at",
    split_part(g.account, '|', 1) AS "location",
    s.sku AS "sku",
    split_part(g.account, '|', 2) AS "sku_key",
    g.kind AS "kind",
    g.amount AS "steps",
    g.unit AS "unit",
    CAST(s.step AS numeric) AS "step",
    g.refers_to AS "refers_to",
    CASE WHEN g.kind = 'ship' THEN g.batch END AS "hold_id"
FROM {schema}{prefix}ledger g
LEFT JOIN {schema}{prefix}doc_stock_items s ON s.partition = g.partition AND s.id = 'stk_' || split_part(g.account, '|', 2)
WHERE g.name = 'stock';

CREATE VIEW {schema}{prefix}v_coupon_uses AS
SELECT
    g.partition AS "tenant",
    g.id AS "use_id",
    timestamptz 'epoch' + g.at * interval '1 microsecond' AS "used_at",
    c.code AS "code",
    c.id AS "coupon_id",
    c.promotion_id AS "promotion_id",
    g.amount AS "uses",
    g.refers_to AS "order_id",
    o.customer AS "customer",
    CAST(o.local_date AS date) AS "local_date"
FROM {schema}{prefix}ledger g
JOIN {schema}{prefix}doc_coupons c ON c.partition = g.partition AND c.id = 'cpn_' || substr(g.account, 8)
LEFT JOIN {schema}{prefix}doc_orders o ON o.partition = g.partition AND o.id = g.refers_to
WHERE g.name = 'uses' AND substr(g.account, 1, 7) = 'coupon:';

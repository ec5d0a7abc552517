-- The tables, indexes and views of a shop on sqlite.
-- Written by tools/migrations.py from what is declared; {prefix} and {schema} stand for the names of a database.

CREATE TABLE {schema}{prefix}schema (
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at TEXT NOT NULL,
    CONSTRAINT {prefix}schema_pkey PRIMARY KEY (version)
) STRICT, WITHOUT ROWID;

CREATE TABLE {schema}{prefix}history (
    partition TEXT NOT NULL,
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    topic TEXT NOT NULL,
    payload BLOB NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT {prefix}history_pkey PRIMARY KEY (partition, stream, seq)
) STRICT;

CREATE TABLE {schema}{prefix}outbox (
    partition TEXT NOT NULL,
    event_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL,
    due INTEGER NOT NULL,
    done INTEGER,
    buried INTEGER,
    tries INTEGER NOT NULL,
    error TEXT NOT NULL,
    CONSTRAINT {prefix}outbox_pkey PRIMARY KEY (partition, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE {schema}{prefix}relay (
    partition TEXT NOT NULL,
    turn INTEGER NOT NULL,
    CONSTRAINT {prefix}relay_pkey PRIMARY KEY (partition)
) STRICT, WITHOUT ROWID;

CREATE TABLE {schema}{prefix}ledger (
    partition TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    batch TEXT NOT NULL,
    account TEXT NOT NULL,
    amount INTEGER NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,
    refers_to TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT {prefix}ledger_pkey PRIMARY KEY (partition, name, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE {schema}{prefix}counter (
    partition TEXT NOT NULL,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    CONSTRAINT {prefix}counter_pkey PRIMARY KEY (partition, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE {schema}{prefix}stock (
    partition TEXT NOT NULL,
    resource TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    on_hand INTEGER NOT NULL,
    held INTEGER NOT NULL,
    CONSTRAINT {prefix}stock_pkey PRIMARY KEY (partition, resource, bucket),
    CONSTRAINT {prefix}ck_stock_levels CHECK (held >= 0 AND on_hand >= held)
) STRICT, WITHOUT ROWID;

CREATE TABLE {schema}{prefix}hold (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    resource TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    until INTEGER,
    bucket INTEGER NOT NULL,
    CONSTRAINT {prefix}hold_pkey PRIMARY KEY (partition, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE {schema}{prefix}key (
    partition TEXT NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    result BLOB NOT NULL,
    CONSTRAINT {prefix}key_pkey PRIMARY KEY (partition, scope, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX {prefix}outbox_open ON {schema}{prefix}outbox (partition, stream, seq, due) WHERE done IS NULL;

CREATE INDEX {prefix}outbox_stream ON {schema}{prefix}outbox (partition, stream, seq, event_id);

CREATE INDEX {prefix}outbox_done ON {schema}{prefix}outbox (partition, done) WHERE done IS NOT NULL;

CREATE INDEX {prefix}outbox_dead ON {schema}{prefix}outbox (partition, stream, seq) WHERE buried IS NOT NULL AND done IS NULL;

CREATE INDEX {prefix}ledger_account ON {schema}{prefix}ledger (partition, name, account, id);

CREATE INDEX {prefix}ledger_refers_to ON {schema}{prefix}ledger (partition, name, refers_to, id);

CREATE INDEX {prefix}hold_leased ON {schema}{prefix}hold (partition, resource, until, quantity, bucket) WHERE state = 'leased';

CREATE TABLE {schema}{prefix}doc_settings (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT {prefix}doc_settings_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE TABLE {schema}{prefix}doc_products (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "sku" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "external_id" TEXT,
    CONSTRAINT {prefix}doc_products_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_products_sku ON {schema}{prefix}doc_products (partition, "sku", id);

CREATE INDEX {prefix}ix_products_status ON {schema}{prefix}doc_products (partition, "status", "sku", id);

CREATE UNIQUE INDEX {prefix}ix_products_external_id ON {schema}{prefix}doc_products (partition, "external_id") WHERE "external_id" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_skus (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT {prefix}doc_skus_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE TABLE {schema}{prefix}doc_product_types (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "code" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_product_types_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE UNIQUE INDEX {prefix}ix_product_types_code ON {schema}{prefix}doc_product_types (partition, "code");

CREATE TABLE {schema}{prefix}doc_categories (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT {prefix}doc_categories_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE TABLE {schema}{prefix}doc_price_lists (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "currency" TEXT NOT NULL,
    "active" INTEGER NOT NULL,
    CONSTRAINT {prefix}doc_price_lists_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_price_lists_by_currency ON {schema}{prefix}doc_price_lists (partition, "currency", "active", id);

CREATE TABLE {schema}{prefix}doc_prices (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "list_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_prices_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE UNIQUE INDEX {prefix}ix_prices_by_list ON {schema}{prefix}doc_prices (partition, "list_id", "key");

CREATE TABLE {schema}{prefix}doc_promotions (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "active" INTEGER NOT NULL,
    "by_coupon" INTEGER NOT NULL,
    CONSTRAINT {prefix}doc_promotions_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_promotions_running ON {schema}{prefix}doc_promotions (partition, "active", "by_coupon", id);

CREATE TABLE {schema}{prefix}doc_coupons (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "promotion_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_coupons_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_coupons_by_promotion ON {schema}{prefix}doc_coupons (partition, "promotion_id", "code", id);

CREATE TABLE {schema}{prefix}doc_charge_rules (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "active" INTEGER NOT NULL,
    CONSTRAINT {prefix}doc_charge_rules_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_charge_rules_running ON {schema}{prefix}doc_charge_rules (partition, "active", id);

CREATE TABLE {schema}{prefix}doc_locations (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT {prefix}doc_locations_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE TABLE {schema}{prefix}doc_stock_buffers (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT {prefix}doc_stock_buffers_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE TABLE {schema}{prefix}doc_backorders (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT {prefix}doc_backorders_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE TABLE {schema}{prefix}doc_stock_items (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "sku" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_stock_items_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE TABLE {schema}{prefix}doc_transfers (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "state" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_transfers_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_transfers_by_state ON {schema}{prefix}doc_transfers (partition, "state", id);

CREATE TABLE {schema}{prefix}doc_counts (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "state" TEXT NOT NULL,
    "location" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_counts_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_counts_by_state ON {schema}{prefix}doc_counts (partition, "state", id);

CREATE TABLE {schema}{prefix}doc_lots (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "key" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "expires_on" TEXT NOT NULL,
    "stocked" INTEGER NOT NULL,
    CONSTRAINT {prefix}doc_lots_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_lots_by_expiry ON {schema}{prefix}doc_lots (partition, "key", "stocked", "expires_on", id);

CREATE TABLE {schema}{prefix}doc_expected_receipts (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "place" TEXT NOT NULL,
    "expected_on" TEXT NOT NULL,
    "open" INTEGER NOT NULL,
    CONSTRAINT {prefix}doc_expected_receipts_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_expected_receipts_by_day ON {schema}{prefix}doc_expected_receipts (partition, "place", "open", "expected_on", id);

CREATE TABLE {schema}{prefix}doc_delivery_methods (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "status" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_delivery_methods_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_delivery_methods_status ON {schema}{prefix}doc_delivery_methods (partition, "status", id);

CREATE TABLE {schema}{prefix}doc_rate_sheets (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "method" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_rate_sheets_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_rate_sheets_method ON {schema}{prefix}doc_rate_sheets (partition, "method", id);

CREATE TABLE {schema}{prefix}doc_carts (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "token" TEXT NOT NULL,
    "customer" TEXT,
    "status" TEXT NOT NULL,
    "touched_at" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_carts_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE UNIQUE INDEX {prefix}ix_carts_by_token ON {schema}{prefix}doc_carts (partition, "token");

CREATE INDEX {prefix}ix_carts_by_customer ON {schema}{prefix}doc_carts (partition, "customer", "status", id) WHERE "customer" IS NOT NULL;

CREATE INDEX {prefix}ix_carts_by_activity ON {schema}{prefix}doc_carts (partition, "status", "touched_at", id);

CREATE TABLE {schema}{prefix}doc_quotes (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "cart_id" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_quotes_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_quotes_by_cart ON {schema}{prefix}doc_quotes (partition, "cart_id", id);

CREATE TABLE {schema}{prefix}doc_offers (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "cart_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "until" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_offers_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_offers_by_state ON {schema}{prefix}doc_offers (partition, "state", "until", id);

CREATE INDEX {prefix}ix_offers_by_cart ON {schema}{prefix}doc_offers (partition, "cart_id", id);

CREATE TABLE {schema}{prefix}doc_foreign_orders (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "source" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "differs" INTEGER NOT NULL,
    CONSTRAINT {prefix}doc_foreign_orders_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE UNIQUE INDEX {prefix}ix_foreign_orders_by_number ON {schema}{prefix}doc_foreign_orders (partition, "source", "number");

CREATE INDEX {prefix}ix_foreign_orders_by_order ON {schema}{prefix}doc_foreign_orders (partition, "order_id", id);

CREATE INDEX {prefix}ix_foreign_orders_differing ON {schema}{prefix}doc_foreign_orders (partition, "differs", id);

CREATE TABLE {schema}{prefix}doc_orders (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "reference" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "payment" TEXT NOT NULL,
    "fulfilment" TEXT NOT NULL,
    "returns" TEXT NOT NULL,
    "customer" TEXT,
    "cart_id" TEXT,
    "requested_at" TEXT NOT NULL,
    "due_until" TEXT,
    "currency" TEXT NOT NULL,
    "currency_digits" INTEGER NOT NULL,
    "goods" INTEGER NOT NULL,
    "discount" INTEGER NOT NULL,
    "shipping" INTEGER NOT NULL,
    "other_charges" INTEGER NOT NULL,
    "tax" INTEGER NOT NULL,
    "total" INTEGER NOT NULL,
    "credited" INTEGER NOT NULL,
    "written_off" INTEGER NOT NULL,
    "retained" INTEGER NOT NULL,
    "captured" INTEGER NOT NULL,
    "refunded" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "tender" TEXT NOT NULL,
    "delivery" TEXT,
    "location" TEXT NOT NULL,
    "quote_id" TEXT,
    "placed_at" TEXT,
    "local_date" TEXT NOT NULL,
    "ending" TEXT NOT NULL,
    "sub_state" TEXT,
    "lapses_at" TEXT,
    "waits" TEXT,
    "awaits_since" TEXT,
    "grants_since" TEXT,
    CONSTRAINT {prefix}doc_orders_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE TABLE {schema}{prefix}fact_order_lines (
    partition TEXT NOT NULL,
    document_id TEXT NOT NULL,
    row_number INTEGER NOT NULL,
    "line_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "sku_key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "quantity" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "steps" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "base" INTEGER NOT NULL,
    "discount" INTEGER NOT NULL,
    "net" INTEGER NOT NULL,
    "tax" INTEGER NOT NULL,
    "total" INTEGER NOT NULL,
    "shipped" INTEGER NOT NULL,
    "delivered" INTEGER NOT NULL,
    "cancelled" INTEGER NOT NULL,
    "returned" INTEGER NOT NULL,
    "local_date" TEXT NOT NULL,
    CONSTRAINT {prefix}fact_order_lines_pkey PRIMARY KEY (partition, document_id, row_number)
) STRICT, WITHOUT ROWID;

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
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT {prefix}doc_tenders_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE TABLE {schema}{prefix}doc_payment_plans (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT {prefix}doc_payment_plans_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE TABLE {schema}{prefix}doc_intents (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "order_id" TEXT NOT NULL,
    "ask_at" TEXT,
    "notice_at" TEXT,
    "absent" TEXT,
    "waits" TEXT,
    "payout" TEXT,
    CONSTRAINT {prefix}doc_intents_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE TABLE {schema}{prefix}fact_payment_operations (
    partition TEXT NOT NULL,
    document_id TEXT NOT NULL,
    row_number INTEGER NOT NULL,
    "operation_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "currency_digits" INTEGER NOT NULL,
    "amount" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "reference" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "failure" TEXT NOT NULL,
    "requested_at" TEXT NOT NULL,
    CONSTRAINT {prefix}fact_payment_operations_pkey PRIMARY KEY (partition, document_id, row_number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX {prefix}ix_intents_order ON {schema}{prefix}doc_intents (partition, "order_id");

CREATE INDEX {prefix}ix_intents_ask ON {schema}{prefix}doc_intents (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_intents_notice ON {schema}{prefix}doc_intents (partition, "notice_at", id) WHERE "notice_at" IS NOT NULL;

CREATE INDEX {prefix}ix_intents_absent ON {schema}{prefix}doc_intents (partition, "absent", id) WHERE "absent" IS NOT NULL;

CREATE INDEX {prefix}ix_intents_waits ON {schema}{prefix}doc_intents (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE INDEX {prefix}ix_intents_payout ON {schema}{prefix}doc_intents (partition, "payout", id) WHERE "payout" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_quarantines (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "waits" TEXT,
    CONSTRAINT {prefix}doc_quarantines_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_quarantines_waits ON {schema}{prefix}doc_quarantines (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_gift_cards (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "digest" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "valid_until" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_gift_cards_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE UNIQUE INDEX {prefix}ix_gift_cards_by_digest ON {schema}{prefix}doc_gift_cards (partition, "digest");

CREATE INDEX {prefix}ix_gift_cards_by_date ON {schema}{prefix}doc_gift_cards (partition, "state", "valid_until", id);

CREATE TABLE {schema}{prefix}doc_credit_grants (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "customer" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "valid_until" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_credit_grants_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_credit_grants_by_customer ON {schema}{prefix}doc_credit_grants (partition, "customer", "currency", "state", "valid_until", id);

CREATE INDEX {prefix}ix_credit_grants_by_date ON {schema}{prefix}doc_credit_grants (partition, "state", "valid_until", id);

CREATE TABLE {schema}{prefix}doc_shipments (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "order_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "wait" TEXT,
    "tracking" TEXT,
    "ask_at" TEXT,
    "collect_by" TEXT,
    "missed" TEXT,
    "sub_state" TEXT,
    CONSTRAINT {prefix}doc_shipments_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE UNIQUE INDEX {prefix}ix_shipments_by_order ON {schema}{prefix}doc_shipments (partition, "order_id", "number");

CREATE INDEX {prefix}ix_shipments_by_state ON {schema}{prefix}doc_shipments (partition, "state", id);

CREATE INDEX {prefix}ix_shipments_by_wait ON {schema}{prefix}doc_shipments (partition, "wait", id) WHERE "wait" IS NOT NULL;

CREATE INDEX {prefix}ix_shipments_by_tracking ON {schema}{prefix}doc_shipments (partition, "tracking", id) WHERE "tracking" IS NOT NULL;

CREATE INDEX {prefix}ix_shipments_by_ask ON {schema}{prefix}doc_shipments (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_shipments_by_collect ON {schema}{prefix}doc_shipments (partition, "collect_by", id) WHERE "collect_by" IS NOT NULL;

CREATE INDEX {prefix}ix_shipments_by_missed ON {schema}{prefix}doc_shipments (partition, "missed", id) WHERE "missed" IS NOT NULL;

CREATE INDEX {prefix}ix_shipments_by_sub_state ON {schema}{prefix}doc_shipments (partition, "sub_state", id) WHERE "sub_state" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_labels (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "shipment_id" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "ask_at" TEXT,
    "absent" TEXT,
    "waits" TEXT,
    CONSTRAINT {prefix}doc_labels_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_labels_by_shipment ON {schema}{prefix}doc_labels (partition, "shipment_id", id);

CREATE INDEX {prefix}ix_labels_ask ON {schema}{prefix}doc_labels (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_labels_absent ON {schema}{prefix}doc_labels (partition, "absent", id) WHERE "absent" IS NOT NULL;

CREATE INDEX {prefix}ix_labels_waits ON {schema}{prefix}doc_labels (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_pickups (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "account" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "comes" TEXT NOT NULL,
    "ask_at" TEXT,
    "absent" TEXT,
    "waits" TEXT,
    CONSTRAINT {prefix}doc_pickups_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_pickups_by_state ON {schema}{prefix}doc_pickups (partition, "state", "comes", id);

CREATE INDEX {prefix}ix_pickups_ask ON {schema}{prefix}doc_pickups (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_pickups_absent ON {schema}{prefix}doc_pickups (partition, "absent", id) WHERE "absent" IS NOT NULL;

CREATE INDEX {prefix}ix_pickups_waits ON {schema}{prefix}doc_pickups (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_manifests (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "number" INTEGER NOT NULL,
    "account" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_manifests_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE UNIQUE INDEX {prefix}ix_manifests_by_number ON {schema}{prefix}doc_manifests (partition, "number");

CREATE INDEX {prefix}ix_manifests_by_account ON {schema}{prefix}doc_manifests (partition, "account", "number", id);

CREATE TABLE {schema}{prefix}doc_licences (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "sku_key" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "order_id" TEXT,
    CONSTRAINT {prefix}doc_licences_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_licences_by_sku ON {schema}{prefix}doc_licences (partition, "sku_key", "state", id);

CREATE INDEX {prefix}ix_licences_by_order ON {schema}{prefix}doc_licences (partition, "order_id", id) WHERE "order_id" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_returns (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "order_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "lapses_at" TEXT,
    "sub_state" TEXT,
    "unused" TEXT,
    CONSTRAINT {prefix}doc_returns_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_returns_by_order ON {schema}{prefix}doc_returns (partition, "order_id", id);

CREATE INDEX {prefix}ix_returns_by_state ON {schema}{prefix}doc_returns (partition, "state", id);

CREATE INDEX {prefix}ix_returns_lapses ON {schema}{prefix}doc_returns (partition, "lapses_at", id) WHERE "lapses_at" IS NOT NULL;

CREATE INDEX {prefix}ix_returns_by_sub_state ON {schema}{prefix}doc_returns (partition, "sub_state", id) WHERE "sub_state" IS NOT NULL;

CREATE INDEX {prefix}ix_returns_by_unused ON {schema}{prefix}doc_returns (partition, "unused", id) WHERE "unused" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_return_labels (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "return_id" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "ask_at" TEXT,
    "absent" TEXT,
    "waits" TEXT,
    CONSTRAINT {prefix}doc_return_labels_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_return_labels_by_return ON {schema}{prefix}doc_return_labels (partition, "return_id", id);

CREATE INDEX {prefix}ix_return_labels_by_state ON {schema}{prefix}doc_return_labels (partition, "state", id);

CREATE INDEX {prefix}ix_return_labels_ask ON {schema}{prefix}doc_return_labels (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_return_labels_absent ON {schema}{prefix}doc_return_labels (partition, "absent", id) WHERE "absent" IS NOT NULL;

CREATE INDEX {prefix}ix_return_labels_waits ON {schema}{prefix}doc_return_labels (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_exchanges (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "order_id" TEXT NOT NULL,
    "return_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "lapses_at" TEXT,
    CONSTRAINT {prefix}doc_exchanges_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_exchanges_by_order ON {schema}{prefix}doc_exchanges (partition, "order_id", id);

CREATE INDEX {prefix}ix_exchanges_by_state ON {schema}{prefix}doc_exchanges (partition, "state", id);

CREATE INDEX {prefix}ix_exchanges_lapses ON {schema}{prefix}doc_exchanges (partition, "lapses_at", id) WHERE "lapses_at" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_claims (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "order_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "remedy" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_claims_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_claims_by_order ON {schema}{prefix}doc_claims (partition, "order_id", id);

CREATE INDEX {prefix}ix_claims_by_state ON {schema}{prefix}doc_claims (partition, "state", id);

CREATE TABLE {schema}{prefix}doc_invoices (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "order_id" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_invoices_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_invoices_by_order ON {schema}{prefix}doc_invoices (partition, "order_id", id);

CREATE UNIQUE INDEX {prefix}ix_invoices_by_number ON {schema}{prefix}doc_invoices (partition, "number");

CREATE TABLE {schema}{prefix}doc_series (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "name" TEXT NOT NULL,
    CONSTRAINT {prefix}doc_series_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE UNIQUE INDEX {prefix}ix_series_by_id ON {schema}{prefix}doc_series (partition, "name");

CREATE TABLE {schema}{prefix}doc_tax_filings (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "order_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "ask_at" TEXT,
    "absent" TEXT,
    "waits" TEXT,
    "by_hand" TEXT,
    CONSTRAINT {prefix}doc_tax_filings_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_tax_filings_ask ON {schema}{prefix}doc_tax_filings (partition, "ask_at", id) WHERE "ask_at" IS NOT NULL;

CREATE INDEX {prefix}ix_tax_filings_absent ON {schema}{prefix}doc_tax_filings (partition, "absent", id) WHERE "absent" IS NOT NULL;

CREATE INDEX {prefix}ix_tax_filings_waits ON {schema}{prefix}doc_tax_filings (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE INDEX {prefix}ix_tax_filings_by_hand ON {schema}{prefix}doc_tax_filings (partition, "by_hand", id) WHERE "by_hand" IS NOT NULL;

CREATE TABLE {schema}{prefix}doc_settlements (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "provider" TEXT NOT NULL,
    "batch" TEXT NOT NULL,
    "payout" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "settled_on" TEXT NOT NULL,
    "standing" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "taken_at" TEXT NOT NULL,
    "order_id" TEXT,
    "operation_id" TEXT,
    "currency" TEXT NOT NULL,
    "currency_digits" INTEGER NOT NULL,
    "gross" INTEGER NOT NULL,
    "fee" INTEGER NOT NULL,
    "fee_tax" INTEGER NOT NULL,
    "withheld" INTEGER NOT NULL,
    "net" INTEGER NOT NULL,
    "waits" TEXT,
    "shipment_id" TEXT,
    "claim_due" TEXT,
    "paid" INTEGER,
    CONSTRAINT {prefix}doc_settlements_pkey PRIMARY KEY (partition, id)
) STRICT;

CREATE INDEX {prefix}ix_settlements_waits ON {schema}{prefix}doc_settlements (partition, "waits", id) WHERE "waits" IS NOT NULL;

CREATE INDEX {prefix}ix_settlements_by_order ON {schema}{prefix}doc_settlements (partition, "order_id", id) WHERE "order_id" IS NOT NULL;

CREATE INDEX {prefix}ix_settlements_by_claim ON {schema}{prefix}doc_settlements (partition, "claim_due", id) WHERE "claim_due" IS NOT NULL;

CREATE INDEX {prefix}ix_settlements_by_paid ON {schema}{prefix}doc_settlements (partition, "paid", id) WHERE "paid" IS NOT NULL;

CREATE UNIQUE INDEX {prefix}ix_settlements_by_operation ON {schema}{prefix}doc_settlements (partition, "operation_id") WHERE "operation_id" IS NOT NULL;

CREATE INDEX {prefix}ix_settlements_by_day ON {schema}{prefix}doc_settlements (partition, "provider", "settled_on", id);

CREATE INDEX {prefix}ix_settlements_by_standing ON {schema}{prefix}doc_settlements (partition, "standing", "taken_at", id);

CREATE TABLE {schema}{prefix}doc_bank_lines (
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    "account" TEXT NOT NULL,
    "standing" TEXT NOT NULL,
    "booked_on" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "currency_digits" INTEGER NOT NULL,
    "amount" INTEGER NOT NULL,
    "matched_with" TEXT,
    CONSTRAINT {prefix}doc_bank_lines_pkey PRIMARY KEY (partition, id)
) STRICT;

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
    o.requested_at AS "requested_at",
    o.placed_at AS "placed_at",
    o.due_until AS "due_until",
    o.local_date AS "local_date",
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
    l.quantity AS "quantity",
    l.unit AS "unit",
    l.step AS "step",
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
    o.placed_at AS "placed_at",
    l.local_date AS "local_date"
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
    p.requested_at AS "requested_at"
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
    p.requested_at AS "requested_at"
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
    strftime('%Y-%m-%dT%H:%M:%S', g.at / 1000000, 'unixepoch') || printf('.%06d+00:00', g.at % 1000000) AS "posted_at"
FROM {schema}{prefix}ledger g
LEFT JOIN {schema}{prefix}doc_orders o ON o.partition = g.partition AND o.id = g.refers_to
WHERE g.name = 'money';

CREATE VIEW {schema}{prefix}v_stock_moves AS
SELECT
    g.partition AS "tenant",
    g.id AS "move_id",
    strftime('%Y-%m-%dT%H:%M:%S', g.at / 1000000, 'unixepoch') || printf('.%06d+00:00', g.at % 1000000) AS "moved_at",
    substr(g.account, 1, instr(g.account, '|') - 1) AS "location",
    s.sku AS "sku",
    substr(g.account, instr(g.account, '|') + 1) AS "sku_key",
    g.kind AS "kind",
    g.amount AS "steps",
    g.unit AS "unit",
    s.step AS "step",
    g.refers_to AS "refers_to",
    CASE WHEN g.kind = 'ship' THEN g.batch END AS "hold_id"
FROM {schema}{prefix}ledger g
LEFT JOIN {schema}{prefix}doc_stock_items s ON s.partition = g.partition AND s.id = 'stk_' || substr(g.account, instr(g.account, '|') + 1)
WHERE g.name = 'stock';

CREATE VIEW {schema}{prefix}v_coupon_uses AS
SELECT
    g.partition AS "tenant",
    g.id AS "use_id",
    strftime('%Y-%m-%dT%H:%M:%S', g.at / 1000000, 'unixepoch') || printf('.%06d+00:00', g.at % 1000000) AS "used_at",
    c.code AS "code",
    c.id AS "coupon_id",
    c.promotion_id AS "promotion_id",
    g.amount AS "uses",
    g.refers_to AS "order_id",
    o.customer AS "customer",
    o.local_date AS "local_date"
FROM {schema}{prefix}ledger g
JOIN {schema}{prefix}doc_coupons c ON c.partition = g.partition AND c.id = 'cpn_' || substr(g.account, 8)
LEFT JOIN {schema}{prefix}doc_orders o ON o.partition = g.partition AND o.id = g.refers_to
WHERE g.name = 'uses' AND substr(g.account, 1, 7) = 'coupon:';

// Vendure through its service layer, in process and without HTTP; each phase is one outer transaction, its best case.
// `node run.js fill`, or `node run.js measure PHASE CLIENTS SECONDS JOBS [SERVER]`, which prints JSON.
// PEER_DATABASE is a file, or a PostgreSQL URL. Its packages are looked for beside this file.
process.env.VENDURE_DISABLE_TELEMETRY = 'true'; // it is on by default, and posts to an outside host
const fs = require('fs'), path = require('path');
const core = require('@vendure/core');
const JOB = JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'job.json'), 'utf8'));
const { products: P, cart: C, coupon: COUPON, tax: TAX } = JOB;
const TICKS = 100; // clock ticks in a second, which is what Linux counts CPU in

// ---- the job, as job.py has it

const price = i => P.lowest + P.step * ((i * P.stride) % P.steps);
const sku = i => 'SKU-' + String(i).padStart(4, '0');
const wishes = k => Array.from({ length: C.lines }, (_, j) => [(k * C.stride + j * C.apart) % P.count, 1 + ((k + j) % C.most)])
  .sort((a, b) => a[0] - b[0]);
const due = k => wishes(k).reduce((sum, [i, quantity]) => sum + (price(i) * quantity * (100 - COUPON.percent)) / 100, 0);

// ---- the shop

const named = process.env.PEER_DATABASE;
const filling = process.argv[2] === 'fill';
const database = named.startsWith('postgresql:')
  ? postgres(new URL(named.replace('@/', '@localhost/'))) // a socket has no host, which no URL here may lack
  : {
      type: 'better-sqlite3', database: named,
      prepareDatabase: db => { db.pragma('journal_mode = WAL'); db.pragma('synchronous = FULL'); },
    };

function postgres(url) {
  return {
    type: 'postgres', database: url.pathname.slice(1), username: decodeURIComponent(url.username), poolSize: 10,
    host: url.searchParams.get('host') || url.hostname, port: +(url.port || 5432), password: url.password || 'none',
  };
}

const config = {
  apiOptions: { hostname: '127.0.0.1', port: 0, adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
  authOptions: { tokenMethod: ['bearer'], superadminCredentials: { identifier: 'admin', password: 'admin' } },
  dbConnectionOptions: { ...database, synchronize: filling, logging: false },
  paymentOptions: { paymentMethodHandlers: [core.dummyPaymentHandler] },
  logger: new core.DefaultLogger({ level: core.LogLevel.Error }),
};

const accepted = answer => {
  if (answer && answer.__typename && answer.errorCode) throw new Error(`${answer.errorCode}: ${answer.message}`);
  return answer;
};

async function admin(app) {
  const user = await app.get(core.TransactionalConnection).rawConnection.getRepository(core.User)
    .findOneOrFail({ where: { identifier: 'admin' }, relations: { roles: { channels: true } } });
  return app.get(core.RequestContextService).create({ apiType: 'admin', user });
}

async function fill(app) {
  const { Populator } = require('@vendure/core/dist/data-import/providers/populator/populator');
  await app.get(Populator).populateInitialData({
    defaultLanguage: 'en', defaultZone: 'Asia', collections: [],
    countries: [{ name: 'Indonesia', code: 'ID', zone: 'Asia' }],
    taxRates: [{ name: 'Standard', percentage: TAX.percent }],
    shippingMethods: [{ name: 'Free', price: 0 }],
    paymentMethods: [{ name: 'cash', handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] } }],
  });
  let context = await admin(app);
  await app.get(core.ChannelService).update(context, {
    id: context.channelId, pricesIncludeTax: true, defaultCurrencyCode: 'EUR', availableCurrencyCodes: ['EUR'],
  });
  context = await admin(app); // the old one knows the channel as it was
  for (let i = 0; i < P.count; i++) {
    const words = [{ languageCode: 'en', name: sku(i), slug: sku(i).toLowerCase(), description: '' }];
    const product = await app.get(core.ProductService).create(context, { translations: words });
    await app.get(core.ProductVariantService).create(context, [{
      productId: product.id, sku: sku(i), price: price(i), stockOnHand: P.stock, translations: [{ languageCode: 'en', name: sku(i) }],
    }]);
  }
  await app.get(core.CustomerService).createOrUpdate(context, { emailAddress: 'buyer@example.test', firstName: 'Buyer', lastName: 'One' });
  accepted(await app.get(core.PromotionService).createPromotion(context, {
    enabled: true, couponCode: COUPON.code, conditions: [], translations: [{ languageCode: 'en', name: COUPON.code, description: '' }],
    actions: [{ code: 'order_percentage_discount', arguments: [{ name: 'discount', value: String(COUPON.percent) }] }],
  }));
}

async function till(app) {
  const connection = app.get(core.TransactionalConnection), orders = app.get(core.OrderService);
  const boss = await admin(app), buyer = await app.get(core.RequestContextService).create({ apiType: 'shop' });
  const variants = await connection.rawConnection.getRepository(core.ProductVariant).find({ order: { id: 'ASC' }, loadEagerRelations: false });
  const [customer] = await connection.rawConnection.getRepository(core.Customer).find();
  const method = (await app.get(core.ShippingMethodService).findAll(boss)).items[0];
  return {
    checkout: k => connection.withTransaction(buyer, async ctx => {
      let order = await orders.create(ctx);
      const items = wishes(k).map(([i, quantity]) => ({ productVariantId: variants[i].id, quantity }));
      const added = await orders.addItemsToOrder(ctx, order.id, items);
      if (added.errorResults.length) accepted(added.errorResults[0]);
      accepted(await orders.applyCouponCode(ctx, order.id, COUPON.code));
      accepted(await orders.addCustomerToOrder(ctx, order.id, customer));
      await orders.setShippingAddress(ctx, order.id, { fullName: 'Buyer', streetLine1: 'Jl. Malioboro 52', countryCode: 'ID' });
      accepted(await orders.setShippingMethod(ctx, order.id, [method.id]));
      accepted(await orders.transitionToState(ctx, order.id, 'ArrangingPayment'));
      order = accepted(await orders.addPaymentToOrder(ctx, order.id, { method: 'cash', metadata: {} }));
      if (order.totalWithTax !== due(k)) throw new Error(`checkout ${k} came to ${order.totalWithTax}, expected ${due(k)}`);
      return order.id;
    }),
    ship: id => connection.withTransaction(boss, async ctx => {
      const order = await orders.findOne(ctx, id, ['lines']);
      const parcel = accepted(await orders.createFulfillment(ctx, {
        lines: order.lines.map(line => ({ orderLineId: line.id, quantity: line.quantity })),
        handler: { code: 'manual-fulfillment', arguments: [{ name: 'method', value: 'own' }, { name: 'trackingCode', value: '1' }] },
      }));
      accepted(await orders.transitionFulfillmentToState(ctx, parcel.id, 'Shipped'));
    }),
    refund: id => connection.withTransaction(boss, async ctx => {
      const order = await orders.findOne(ctx, id, ['lines', 'payments']);
      const lines = [{ orderLineId: order.lines[0].id, quantity: 1 }];
      accepted(await orders.refundOrder(ctx, { paymentId: order.payments[0].id, lines, reason: 'back', shipping: 0, adjustment: 0 }));
      accepted(await orders.cancelOrder(ctx, { orderId: id, lines, reason: 'back' })); // which puts the unit back on the shelf
    }),
  };
}

// ---- measuring, as processes.py does it

function busySeconds() {
  const [user, nice, system, , , interrupts, soft] = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).slice(1).map(Number);
  return (user + nice + system + interrupts + soft) / TICKS;
}

function treeSeconds(root) { // of a process and its children; a PostgreSQL server has no deeper ones
  let sum = 0;
  for (const pid of fs.readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    let text;
    try { text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8'); } catch { continue; } // it ended meanwhile
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (+pid === root || +fields[1] === root) sum += fields.slice(11, 15).reduce((a, b) => a + +b, 0) / TICKS;
  }
  return sum;
}

const ownSeconds = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
const peakMegabytes = () => (+/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1] * 1024) / 1e6;

async function measure(shop, phase, clients, seconds, jobs, server) {
  const ids = [];
  for (let k = 0; k < 10; k++) await shop.checkout(k); // warm
  if (phase !== 'checkout') for (let k = 0; k < jobs; k++) ids.push(await shop.checkout(k));
  if (phase === 'refund') for (const id of ids) await shop.ship(id);
  const taken = [], before = { busy: busySeconds(), own: ownSeconds(), server: server ? treeSeconds(server) : 0 };
  const start = process.hrtime.bigint(), end = start + BigInt(Math.round(seconds * 1e9));
  let next = 0;
  const more = () => (phase === 'checkout' ? process.hrtime.bigint() < end : next < ids.length);
  await Promise.all(Array.from({ length: clients }, async () => {
    while (more()) {
      const k = next++, from = process.hrtime.bigint();
      await shop[phase](phase === 'checkout' ? k : ids[k]);
      taken.push(Number(process.hrtime.bigint() - from) / 1e6);
    }
  }));
  const wall = Number(process.hrtime.bigint() - start) / 1e9, own = ownSeconds() - before.own;
  const serving = server ? treeSeconds(server) - before.server : 0;
  const others = (busySeconds() - before.busy - own - serving) / wall;
  taken.sort((a, b) => a - b);
  const at = part => taken[Math.min(taken.length - 1, Math.floor(part * taken.length))];
  return {
    jobs: taken.length, per_second: taken.length / wall, p50_ms: at(0.5), p99_ms: at(0.99), cpu_ms: (own / taken.length) * 1e3,
    server_cpu_ms: server ? (serving / taken.length) * 1e3 : null, rss_mb: peakMegabytes(),
    foreign_cpu: Math.max(0, Math.round(others * 100) / 100), refused: 0,
  };
}

async function main() {
  const [command, phase, clients, seconds, jobs, server] = process.argv.slice(2);
  const app = await core.bootstrap(config);
  if (command === 'fill') await fill(app);
  else if (command === 'measure') console.log(JSON.stringify(await measure(await till(app), phase, +clients, +seconds, +jobs, +(server || 0))));
  else throw new Error(`no command ${command}`);
  await app.close();
  process.exit(0);
}

main().catch(error => { console.error(error); process.exit(1); });

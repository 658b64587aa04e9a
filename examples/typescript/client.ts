// A reader's own program: asks a ledger over the Connect protocol, from proto/ alone. It says where a party's money went, and lists the
// party's payments.
//
//     node dist/client.js URL PARTY
//
// URL is where `fundtraild --http` answers. Exits with 0 when the ledger answered, with 1 when it refused or an answer does not add up,
// with 2 when it was called wrongly, and with 3 when the ledger could not be asked.
import { fromBinary } from '@bufbuild/protobuf';
import { type Client, Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { RefusalCode, RefusalSchema } from './gen/fundtrail/v1/refusal_pb.js';
import { Ledger } from './gen/fundtrail/v1/service_pb.js';
import { RetryInfoSchema } from './gen/fundtrail/v1/submission_pb.js';
import { Direction, EndKind } from './gen/fundtrail/v1/trace_pb.js';

const ATTEMPTS = 4;

// Amounts are whole numbers of the asset's smallest unit, up to 2^63: bigint holds them, and number does not.
function shown(amount: bigint, decimals: number): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount < 0n ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
}

// The milliseconds after which the server wants to be asked again, if it says so.
function waitOf(error: ConnectError): number | undefined {
  for (const detail of error.details) {
    if (!('type' in detail) || detail.type !== 'google.rpc.RetryInfo') continue;
    const delay = fromBinary(RetryInfoSchema, detail.value).retryDelay;
    return delay && Number(delay.seconds) * 1000 + delay.nanos / 1e6;
  }
  return undefined;
}

// The answer. A question changes nothing, so it may be asked again.
async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (thrown) {
      const error = ConnectError.from(thrown), wait = waitOf(error) ?? (error.code === Code.Unavailable ? 200 * 2 ** attempt : undefined);
      if (wait === undefined || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

async function tellWhere(ledger: Client<typeof Ledger>, party: string): Promise<void> {
  const trace = await asked(() => ledger.trace({ direction: Direction.FROM, party }, { timeoutMs: 20_000 }));
  console.log(trace.question);
  for (const asset of trace.assets) {
    const sums = new Map<EndKind, bigint>();
    for (const end of asset.ends) sums.set(end.kind, (sums.get(end.kind) ?? 0n) + end.amount);
    const total = [...sums.values()].reduce((sum, amount) => sum + amount, 0n);
    if (total !== asset.asked) throw new Error(`the ends of ${asset.asset} have ${total}, and ${asset.asked} was asked about`);
    const parts = [...sums].map(([kind, amount]) => `${shown(amount, asset.decimals)} ${EndKind[kind].toLowerCase().replace('_', ' ')}`);
    console.log(`  ${shown(asset.asked, asset.decimals)} ${asset.asset} = ${parts.join(' + ')}`);
  }
}

// A list comes in pages, and each page as soon as this program has taken the one before.
async function tellPayments(ledger: Client<typeof Ledger>, party: string): Promise<void> {
  const transfers = await asked(async () => {
    const all = [];
    for await (const page of ledger.list({ party }, { timeoutMs: 60_000 })) all.push(...page.transfers);
    return all;
  });
  for (const { ref, date, fromName, toName, decimals, transfer } of transfers)
    console.log(`${date}  ${ref?.record}.${ref?.line}  ${fromName} → ${toName}  ${shown(transfer?.amount ?? 0n, decimals)} ${transfer?.asset}`);
  console.log(`${transfers.length} payments`);
}

async function main(): Promise<number> {
  const [url, party] = process.argv.slice(2);
  if (url === undefined || party === undefined || process.argv.length !== 4) {
    console.error('usage: node dist/client.js URL PARTY');
    return 2;
  }
  // By GET, where the question allows it: what stands between may keep the answer.
  const ledger = createClient(Ledger, createConnectTransport({ baseUrl: url, useHttpGet: true }));
  try {
    const { asOf } = await asked(() => ledger.getCheckpoint({}));
    console.log(`${asOf?.ledger}, ${asOf?.size} records, root ${Buffer.from(asOf?.root ?? []).toString('hex')}`);
    await tellWhere(ledger, party);
    await tellPayments(ledger, party);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof ConnectError)) {
      console.error(thrown instanceof Error ? thrown.message : thrown);
      return 1;
    }
    for (const refusal of thrown.findDetails(RefusalSchema)) console.error(`refused: ${RefusalCode[refusal.code]} at ${refusal.field}: ${refusal.sentence}`);
    console.error(`${Code[thrown.code]}: ${thrown.rawMessage}`);
    return [Code.Unavailable, Code.Unknown, Code.Internal, Code.DeadlineExceeded, Code.ResourceExhausted].includes(thrown.code) ? 3 : 1;
  }
}

process.exitCode = await main();

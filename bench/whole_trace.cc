// See whole_trace.h.
#include "bench/whole_trace.h"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <vector>

#include "bench/bench.h"
#include "ledger/query/trace.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"
#include "ledger/store/snapshot_cache.h"

namespace fundtrail::bench {
namespace {

constexpr std::size_t kCache = std::size_t{64} << 20;

// Those of one level pay those of the next, in rounds. What one has of a round is more than what it pays in it.
struct Level {
  const char* name;  // before the number, in the id of those who are paid
  std::uint64_t parties;
  std::uint64_t times;  // that each of the level above pays in a round
  std::int64_t amount;
};
constexpr Level kLevels[] = {
    {"county", 2'000, 4, 30'000}, {"service", 6'000, 3, 7'000}, {"home", 13'499, 2, 3'000}};
constexpr std::uint64_t kRounds = 10;
constexpr std::int64_t kGrant = 1'500'000;
constexpr std::uint64_t kPaymentsEach = 200;  // in an entry

// Collects payments, and appends them as entries.
class Payments {
 public:
  Payments(log::Ledger* ledger, std::uint64_t id) : ledger_(*ledger), id_(id), entry_(EntryWith(id_)) {}
  void Add(const std::string& from, const std::string& to, std::int64_t amount) {
    AddPayment(&entry_, from, to, amount);
    ++made_;
    if (static_cast<std::uint64_t>(entry_.actions_size()) == kPaymentsEach) Append();
  }
  void Append() {
    if (entry_.actions_size() > 0) Must(ledger_.AppendOne(Signed(entry_, key_), clock_).status());
    entry_ = EntryWith(++id_);
  }
  std::uint64_t made() const { return made_; }

 private:
  log::Ledger& ledger_;
  std::uint64_t id_;
  v1::Entry entry_;
  const crypto::SigningKey key_ = Key();
  const log::Clock clock_ = log::SystemClock();
  std::uint64_t made_ = 0;
};

// Of this process: other programs may use the cores too.
double ProcessorTime() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::string Department(std::uint64_t number) { return fmt::format("d{}", number); }

}  // namespace

void FillWhole(const std::string& dir) {
  const auto key = Key();
  const auto clock = log::SystemClock();
  const auto ledger = Must(log::Ledger::Create(
      store::WithRowCache(Must(store::OpenRocks(dir + "/store", store::Access::kCreate)), kCache), kName,
      Key(), Signed(Genesis(), key), clock));
  Must(ledger->AppendOne(Signed(Names(), key), clock).status());
  std::uint64_t id = 2;
  for (const Level& level : kLevels) {
    for (std::uint64_t from = 0; from < level.parties; from += 500) {
      v1::Entry entry = EntryWith(id++);
      for (std::uint64_t n = from; n < std::min(level.parties, from + 500); ++n)
        AddParty(&entry, fmt::format("{}{}", level.name, n),
                 &level == std::end(kLevels) - 1 ? v1::ROLE_RECIPIENT : v1::ROLE_HOLDER);
      Must(ledger->AppendOne(Signed(entry, key), clock).status());
    }
  }
  Payments payments(ledger.get(), id);
  for (std::uint64_t n = 0; n < kDepartments; ++n) payments.Add("donor", Department(n), kGrant);
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    std::uint64_t payers = kDepartments;
    const char* name = "d";
    for (const Level& level : kLevels) {
      for (std::uint64_t n = 0; n < payers * level.times; ++n) {
        // Each pays the same for five rounds, and then others.
        const std::uint64_t payee = (n * 7'919 + round / 5 * 31) % level.parties;
        // Amounts that fit into no other, so that payments draw on parts of receipts.
        payments.Add(fmt::format("{}{}", name, n % payers), fmt::format("{}{}", level.name, payee),
                     level.amount - static_cast<std::int64_t>((n + round) % 97));
      }
      payers = level.parties;
      name = level.name;
    }
  }
  payments.Append();
  fmt::print("  {} payments in {} records\n", payments.made(), ledger->size());
}

void TraceWhole(const std::string& dir) {
  struct Case {
    const char* name;
    query::TraceQuestion question;
    int times;
  };
  const auto record = [](std::uint64_t number, std::uint32_t line) {
    query::TraceQuestion question;
    question.ref = TransferRef{RecordIndex(number), line};
    return question;
  };
  query::TraceQuestion whole;
  whole.party = "donor";
  query::TraceQuestion flows = whole, shallow = whole;
  flows.want_tree = false;
  shallow.depth = 1;
  query::TraceQuestion back = flows;
  back.direction = v1::DIRECTION_TO;
  back.party = "home7";
  // As a server asks: each question of a snapshot of its own.
  const auto store =
      store::WithSnapshotCache(Must(store::OpenRocks(dir + "/store", store::Access::kReadOnly)), kCache);
  const auto view = Must(query::MakeView(*store));
  std::uint64_t first = 0;  // the record of the first grants
  for (std::uint64_t n = 0; n < view.checkpoint.size() && first == 0; ++n) {
    const Bytes transfers = model::keys::TransfersOf(RecordIndex(n));
    if (store->Scan(transfers, store::PrefixEnd(transfers))->Valid()) first = n;
  }
  const std::vector<Case> cases = {{"flows and ends", flows, 3},
                                   {"depth 1", shallow, 3},
                                   {"the tree", whole, 3},
                                   {"a home's, back", back, 5},
                                   {"a payment to a county", record(first + 4, 1), 101},
                                   {"a grant", record(first, 1), 101},
                                   {"three payments to counties", record(first + 8, 5), 101}};
  for (const Case& one : cases) {
    std::vector<double> times, spent;
    v1::TraceAnswer answer;
    for (int i = 0; i < one.times; ++i) {
      const double start = Now(), before = ProcessorTime();
      const auto snapshot = store->Snapshot();
      answer = Must(query::Trace(Must(query::MakeView(*snapshot)), one.question));
      spent.push_back(ProcessorTime() - before);
      times.push_back(Now() - start);
    }
    const double cold = times.front();
    std::sort(times.begin(), times.end());
    std::sort(spent.begin(), spent.end());
    const auto& trace = answer.assets(0);
    const double work = spent[spent.size() / 2];
    fmt::print(
        "  {:<28} {:>7} flows {:>6} ends: first {:.2f} ms, then {:.2f} ms, of which processor {:.2f} ms: "
        "{:.1f} µs a flow\n",
        one.name, trace.flows_size(), trace.ends_size(), cold * 1e3, times[times.size() / 2] * 1e3,
        work * 1e3, work * 1e6 / std::max(1, trace.flows_size()));
    std::fflush(stdout);
  }
}

}  // namespace fundtrail::bench

// What the rules of findings cost in a large ledger: all at once, and each alone. Decides nothing; prints.
//
//   fundtrail_findings_bench [TRANSFERS]     1000000 by default
//
// The donor pays 500 departments, and each of these pays 40 parties again and again, of which every second holds what it got and the
// others are recipients. Half of the payments have a reference, and each thousandth is large. Nobody acknowledges anything.
#include <algorithm>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <string>

#include "bench/bench.h"
#include "bench/phase.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/finding_rules.h"
#include "ledger/query/findings/findings.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"

namespace fundtrail::bench {
namespace {

constexpr std::uint64_t kPartiesEach = 500;  // in an entry
constexpr std::uint64_t kPaid = 20;          // by a department, of what it got in the same entry
constexpr std::size_t kCache = std::size_t{64} << 20;
constexpr char kOn[] = "2030-01-01";  // money of 2026 lies idle then
constexpr double kGoal = 20.0;        // seconds, of all rules on a million transfers

void Fill(const std::string& dir, std::uint64_t transfers) {
  const auto key = Key();
  const auto clock = log::SystemClock();
  const auto ledger = Must(log::Ledger::Create(
      store::WithRowCache(Must(store::OpenRocks(dir + "/store", store::Access::kCreate)), kCache), kName,
      Key(), Signed(Genesis(), key), clock));
  Must(ledger->AppendOne(Signed(Names(), key), clock).status());
  const std::uint64_t parties = std::uint64_t{kDepartments} * 2 * kPaid;
  std::uint64_t id = 2;
  for (std::uint64_t from = 0; from < parties; from += kPartiesEach) {
    v1::Entry entry = EntryWith(id++);
    for (std::uint64_t n = from; n < std::min(parties, from + kPartiesEach); ++n)
      AddParty(&entry, fmt::format("p{}", n), n % 2 == 0 ? v1::ROLE_HOLDER : v1::ROLE_RECIPIENT);
    Must(ledger->AppendOne(Signed(entry, key), clock).status());
  }
  for (std::uint64_t made = 0; made < transfers; made += kPaid + 1) {
    v1::Entry entry = EntryWith(id++);
    const std::uint64_t entries = made / (kPaid + 1), number = entries % kDepartments;
    const std::string department = fmt::format("d{}", number);
    AddPayment(&entry, "donor", department, static_cast<std::int64_t>(1'000'000 * kPaid));
    for (std::uint64_t n = 0; n < kPaid; ++n) {
      const std::uint64_t at = made + n;
      AddPayment(&entry, department,
                 fmt::format("p{}", (number * 2 + entries / kDepartments % 2) * kPaid + n),
                 at % 1'000 == 0 ? 900'000 : static_cast<std::int64_t>(100 + at % 7));
      entry.mutable_actions(entry.actions_size() - 1)
          ->mutable_transfer()
          ->set_kind(v1::TRANSFER_KIND_DISBURSEMENT);
      if (n % 2 == 0)
        entry.mutable_actions(entry.actions_size() - 1)
            ->mutable_transfer()
            ->set_reference(fmt::format("INV-{}", at / 4));
    }
    Must(ledger->AppendOne(Signed(entry, key), clock).status());
  }
}

// With no rule all of them.
void Ask(const std::string& dir, const model::FindingRuleText* rule) {
  const auto store =
      store::WithRowCache(Must(store::OpenRocks(dir + "/store", store::Access::kReadOnly)), kCache);
  const auto view = Must(query::MakeView(*store));
  v1::FindingsRequest request;
  request.set_on(kOn);
  if (rule != nullptr) request.add_rules(rule->rule);
  const double begun = Now();
  const std::clock_t used = std::clock();
  query::Paging page;
  page.limit = 50;
  auto pages = Must(query::Findings(view, request, page));
  const auto answer = Must(pages.Next());
  const double spent = Now() - begun;
  std::uint64_t found = 0;
  for (const v1::FindingRuleLine& line : answer.rules()) found += line.look() + line.serious();
  fmt::print("  {:<19} {:7.2f} s, {:7.2f} s of a processor: {:.2f} of the goal; {} findings\n",
             rule == nullptr ? "all" : model::WordOf(rule->rule), spent,
             static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC, spent / kGoal, found);
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  using namespace fundtrail;
  const std::uint64_t transfers = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  if (argc > 2 || transfers < 1) {
    fmt::print(stderr, "give at most one number from 1 on: TRANSFERS\n");
    return 2;
  }
  std::string dir = (std::filesystem::current_path() / "fundtrail-bench-XXXXXX").string();
  if (mkdtemp(dir.data()) == nullptr) return 3;
  fmt::print("{} transfers\n", transfers);
  bench::Phase([&] { bench::Fill(dir, transfers); });
  bench::Phase([&] { bench::Ask(dir, nullptr); });
  for (const model::FindingRuleText& rule : model::FindingRules())
    bench::Phase([&] { bench::Ask(dir, &rule); });
  std::filesystem::remove_all(dir);
  return 0;
}

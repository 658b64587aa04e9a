// What sums, idle money and searches cost in a large ledger. It is told against one plain walk over its transfers in the same run,
// and against the goals of the pages. Decides nothing; prints.
//
//   fundtrail_sums_bench [TRANSFERS [PARTIES]]     1000000 and 100000 by default
//
// The ledger is that of relief.h.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bench/bench.h"
#include "bench/phase.h"
#include "bench/relief.h"
#include "ledger/query/idle.h"
#include "ledger/query/kept_bodies.h"
#include "ledger/query/money_table.h"
#include "ledger/query/search.h"
#include "ledger/query/search_index.h"
#include "ledger/query/series.h"
#include "ledger/query/summary.h"
#include "ledger/query/top.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"

namespace fundtrail::bench {
namespace {

constexpr std::size_t kCache = std::size_t{64} << 20;
constexpr double kPageGoal = 2.0;     // seconds, of a page that is worked out anew
constexpr double kSearchGoal = 0.01;  // seconds, p99
constexpr int kSearches = 1'000;

void Fill(const std::string& dir, std::uint64_t transfers, std::uint64_t parties) {
  const auto ledger = Must(log::Ledger::Create(
      store::WithRowCache(Must(store::OpenRocks(dir + "/store", store::Access::kCreate)), kCache), kName,
      Key(), Signed(Genesis(), Key()), log::SystemClock()));
  FillRelief(ledger.get(), transfers, parties);
}

template <typename Page>
void ReadFirst(StatusOr<query::Pages<Page>> pages) {
  auto answer = Must(std::move(pages));
  Must(answer.Next().status());
}

void Say(const std::string& what, const query::View& view, double plain, const std::function<void()>& ask) {
  double first = 0, best = 0;
  for (int i = 0; i < 3; ++i) {
    const double start = Now();
    ask();
    const double spent = Now() - start;
    first = i == 0 ? spent : first;
    best = i == 0 ? spent : std::min(best, spent);
  }
  fmt::print("  {:<17} first {:.0f} ms, then {:.0f} ms: {:.1f} plain walks, {:.2f} of the goal; {} records\n",
             what, first * 1e3, best * 1e3, best / plain, best / kPageGoal, view.checkpoint.size());
}

void Ask(const std::string& dir, std::uint64_t parties) {
  const auto store =
      store::WithRowCache(Must(store::OpenRocks(dir + "/store", store::Access::kReadOnly)), kCache);
  query::SearchIndexes indexes;
  query::MoneyTables tables;
  query::KeptBodies bodies;
  auto view = Must(query::MakeView(*store));
  view.search = &indexes;
  view.money = &tables;
  view.bodies = &bodies;
  const double start = Now();
  std::uint64_t transfers = 0;
  const Bytes all = model::keys::AllOf(model::keys::kTransferTag);
  for (auto row = store->Scan(all, store::PrefixEnd(all)); row->Valid(); row->Next()) {
    Must(model::DecodeTransferRow(row->key(), row->value()).status());
    ++transfers;
  }
  const double plain = Now() - start;
  fmt::print("  a plain walk over {} transfers takes {:.0f} ms\n", transfers, plain * 1e3);
  query::Paging page;
  page.limit = 50;
  Say("summary", view, plain, [&] { Must(query::Summary(view, {}).status()); });
  Say("top", view, plain, [&] { ReadFirst(query::Top(view, {}, page)); });
  // Another question each time: nothing of its sums is kept.
  int day = 0;
  Say("top of other days", view, plain, [&] {
    v1::TopRequest of_days;
    of_days.set_since(fmt::format("2000-01-{:02}", ++day));
    ReadFirst(query::Top(view, of_days, page));
  });
  Say("series", view, plain, [&] { Must(query::Series(view, {}).status()); });
  Say("idle", view, plain, [&] { ReadFirst(query::Idle(view, {}, page)); });

  v1::SearchRequest request;
  const auto search = [&](const std::string& text) {
    request.set_text(text);
    const double begun = Now();
    ReadFirst(query::Search(view, request, page));
    return Now() - begun;
  };
  const double first = search("society");
  std::vector<double> times;
  for (std::uint64_t i = 0; i < kSearches; ++i) {
    const std::uint64_t n = i * 7'919 % parties;
    times.push_back(search(i % 3 == 0   ? fmt::format("p{}", n)
                           : i % 3 == 1 ? fmt::format("county {}", n)
                                        : fmt::format("soc {}", n % 100)));
  }
  std::sort(times.begin(), times.end());
  const double p99 = times[kSearches * 99 / 100];
  fmt::print("  search            first {:.0f} ms, then p50 {:.2f} ms, p99 {:.2f} ms: {:.2f} of the goal\n",
             first * 1e3, times[kSearches / 2] * 1e3, p99 * 1e3, p99 / kSearchGoal);
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  using namespace fundtrail::bench;
  std::uint64_t transfers = 1'000'000, parties = 100'000;
  std::uint64_t* const arguments[] = {&transfers, &parties};
  for (int i = 1; i < argc; ++i) {
    const std::uint64_t number = std::strtoull(argv[i], nullptr, 10);
    if (i > 2 || number < 1) {
      fmt::print(stderr, "give at most two numbers from 1 on: TRANSFERS PARTIES\n");
      return 2;
    }
    *arguments[i - 1] = number;
  }
  std::string dir = (std::filesystem::current_path() / "fundtrail-bench-XXXXXX").string();
  if (mkdtemp(dir.data()) == nullptr) return 3;
  fmt::print("{} transfers, {} parties\n", transfers, parties);
  Phase([&] { Fill(dir, transfers, parties); });
  Phase([&] { Ask(dir, parties); });
  std::filesystem::remove_all(dir);
  return 0;
}

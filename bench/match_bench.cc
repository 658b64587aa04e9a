// How long a match takes: 10,000 needs against 10,000 pledges, beside reading the needs alone. Decides nothing; prints.
//
//   fundtrail_match_bench [NEEDS [PLEDGES]]     10000 and 10000 by default
//
// A country of 31 provinces and 2,852 counties, and 10 categories. A need is in a county and of a category. Of ten pledges one is for
// a category in the whole country. Three are for one in a province, and six for one in a county. So needs compete for
// wide pledges, and narrow ones leave something over.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bench/bench.h"
#include "bench/phase.h"
#include "ledger/query/match.h"
#include "ledger/query/needs.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"

namespace fundtrail::bench {
namespace {

constexpr std::uint64_t kProvinces = 31;
constexpr std::uint64_t kCounties = 2'852;
constexpr std::uint64_t kCategories = 10;
constexpr std::uint64_t kEach = 250;  // items in an entry
constexpr int kRepeats = 10;
constexpr std::size_t kCacheBytes = std::size_t{32} << 20;

struct Size {
  std::uint64_t needs = 10'000, pledges = 10'000;
};

class Writer {
 public:
  explicit Writer(const std::string& dir)
      : ledger_(Must(log::Ledger::Create(
            store::WithRowCache(Must(store::OpenRocks(dir + "/store", store::Access::kCreate)), kCacheBytes),
            kName, Key(), Signed(Genesis(), key_), clock_))) {
    Must(ledger_->AppendOne(Signed(Names(), key_), clock_).status());
  }
  // So many items; answers the record of each.
  std::vector<std::uint64_t> Write(std::uint64_t items,
                                   const std::function<void(v1::Entry* entry, std::uint64_t n)>& add) {
    std::vector<std::uint64_t> records;
    for (std::uint64_t n = 0; n < items;) {
      v1::Entry entry = EntryWith(next_id_++);
      const std::uint64_t end = std::min(items, n + kEach);
      const std::uint64_t record = ledger_->size();
      for (; n < end; ++n) {
        add(&entry, n);
        records.push_back(record);
      }
      Must(ledger_->AppendOne(Signed(entry, key_), clock_).status());
    }
    return records;
  }

 private:
  const crypto::SigningKey key_ = Key();
  const log::Clock clock_ = log::SystemClock();
  const std::unique_ptr<log::Ledger> ledger_;
  std::uint64_t next_id_ = 1'000'000;
};

std::string Category(std::uint64_t n) { return fmt::format("k{}", n % kCategories); }

void WriteCountry(Writer* writer) {
  writer->Write(1 + kProvinces + kCounties, [](v1::Entry* entry, std::uint64_t n) {
    auto* place = entry->add_actions()->mutable_declare_place();
    place->set_name("Place");
    if (n == 0) {
      place->set_id("cn");
      return;
    }
    n -= 1;
    if (n < kProvinces) {
      place->set_id(fmt::format("p{}", n));
      place->set_parent("cn");
      place->set_level(1);
      return;
    }
    n -= kProvinces;
    place->set_id(fmt::format("c{}", n));
    place->set_parent(fmt::format("p{}", n % kProvinces));
    place->set_level(3);
  });
  writer->Write(kCategories + 1, [](v1::Entry* entry, std::uint64_t n) {
    if (n < kCategories) {
      auto* category = entry->add_actions()->mutable_declare_category();
      category->set_id(Category(n));
      category->set_name("Category");
      return;
    }
    AddParty(entry, "checker", v1::ROLE_HOLDER);
    entry->mutable_actions(entry->actions_size() - 1)->mutable_register_party()->set_place("cn");
  });
}

void Make(const std::string& dir, const Size& size) {
  Writer writer(dir);
  WriteCountry(&writer);
  const auto records = writer.Write(size.needs, [](v1::Entry* entry, std::uint64_t n) {
    auto* need = entry->add_actions()->mutable_declare_need();
    need->set_id(fmt::format("n{}", n));
    need->set_owner(fmt::format("d{}", n % kDepartments));
    need->set_place(fmt::format("c{}", n * 7919 % kCounties));
    need->set_category(Category(n / 3));
    need->set_people(static_cast<std::int64_t>(40 + n % 400));
    need->set_severity(static_cast<std::uint32_t>(1 + n % 5));
    need->set_priority(static_cast<std::uint32_t>(1 + n % 3));
    need->set_asset("CNY");
    need->set_amount(static_cast<std::int64_t>(100'000 + n * 7919 % 900'000));
    need->set_from("2020-01-01");
  });
  writer.Write(size.needs, [&](v1::Entry* entry, std::uint64_t n) {
    auto* said = entry->add_actions()->mutable_verify_need();
    said->set_need(fmt::format("n{}", n));
    said->set_version(records[n]);
    said->set_by("checker");
    said->set_result(v1::VerifyNeed::RESULT_CONFIRMED);
  });
  writer.Write(size.pledges, [](v1::Entry* entry, std::uint64_t n) {
    auto* pledge = entry->add_actions()->mutable_pledge();
    pledge->set_id(fmt::format("g{}", n));
    pledge->set_owner("donor");
    pledge->set_asset("CNY");
    pledge->set_amount(static_cast<std::int64_t>(100'000 + n * 104'729 % 900'000));
    pledge->add_categories(Category(n / 10));
    if (n % 10 == 0) return;
    pledge->add_places(n % 10 < 4 ? fmt::format("p{}", n * 7919 % kProvinces)
                                  : fmt::format("c{}", n * 104'729 % kCounties));
  });
}

// The middle of several, in seconds.
double TimeOf(const std::function<void()>& ask) {
  std::vector<double> times;
  for (int i = 0; i < kRepeats; ++i) {
    const double start = Now();
    ask();
    times.push_back(Now() - start);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void Ask(const std::string& dir) {
  const auto rows =
      store::WithRowCache(Must(store::OpenRocks(dir + "/store", store::Access::kReadOnly)), kCacheBytes);
  const auto view = Must(query::MakeView(*rows));
  const double needs = TimeOf([&] {
    v1::NeedsRequest request;
    auto pages = Must(query::Needs(view, request, query::Paging()));
    while (!pages.over()) Must(pages.Next());
  });
  fmt::print("  needs            p50 {:.0f} ms\n", needs * 1e3);
  for (const auto method : {v1::MatchRequest::METHOD_PROPORTIONAL, v1::MatchRequest::METHOD_EQUAL}) {
    v1::MatchRequest request;
    request.set_asset("CNY");
    request.set_method(method);
    v1::MatchAnswer answer;
    const double match = TimeOf([&] { answer = Must(query::Match(view, request)); });
    std::size_t parts = 0;
    for (const auto& need : answer.needs()) parts += static_cast<std::size_t>(need.parts_size());
    fmt::print(
        "  match, {:<10}p50 {:.0f} ms, {:.1f} times the needs; {} needs, {} pledges, {} parts, {} sets\n",
        method == v1::MatchRequest::METHOD_EQUAL ? "equal" : "in share", match * 1e3, match / needs,
        answer.needs_size(), answer.pledges_size(), parts, answer.sets_size());
  }
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  using namespace fundtrail::bench;
  Size size;
  std::uint64_t* const arguments[] = {&size.needs, &size.pledges};
  for (int i = 1; i < argc; ++i) {
    const std::uint64_t number = std::strtoull(argv[i], nullptr, 10);
    if (i > 2 || number < 2) {
      fmt::print(stderr, "give at most two numbers from 2 on: NEEDS PLEDGES\n");
      return 2;
    }
    *arguments[i - 1] = number;
  }
  std::string dir = (std::filesystem::current_path() / "fundtrail-bench-XXXXXX").string();
  if (mkdtemp(dir.data()) == nullptr) return 3;
  fmt::print("{} places, {} categories, {} needs, {} pledges\n", 1 + kProvinces + kCounties, kCategories,
             size.needs, size.pledges);
  Phase([&] { Make(dir, size); });
  Phase([&] { Ask(dir); });
  std::filesystem::remove_all(dir);
  return 0;
}

// Who is left out, of a whole country: how fast needs are declared, and how long coverage takes. Decides nothing; prints.
//
//   fundtrail_coverage_bench [NEEDS [PROJECTS [TOWNSHIPS [PAYMENTS]]]]     100000, 10000, 41819 and 10000 by default
//
// The default has the places of a large country on 4 levels, 44,703 in all, and 10 categories. Every need is verified, and every
// project is approved. Each payment brings money into a project, one after another: with more payments than projects the sums of
// each have a history. Each phase runs in a process of its own, so that its peak memory is its own.
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/bench.h"
#include "bench/phase.h"
#include "ledger/query/coverage.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"

namespace fundtrail::bench {
namespace {

constexpr std::uint64_t kProvinces = 31;
constexpr std::uint64_t kCounties = 2'852;
constexpr std::uint64_t kCategories = 10;
constexpr std::uint64_t kEach = 250;        // items in an entry
constexpr std::size_t kGroup = 500;         // entries under one checkpoint, at most
constexpr std::uint64_t kSingles = 20'000;  // needs at most that are entries of their own
constexpr int kRepeats = 30;
constexpr std::size_t kCacheBytes = std::size_t{32} << 20;

struct Size {
  std::uint64_t needs = 100'000, projects = 10'000, townships = 41'819, payments = 10'000;
};

using Add = std::function<void(v1::Entry* entry, std::uint64_t n)>;

// Writes entries, and measures what the ledger alone takes: signing is the authors' work.
class Writer {
 public:
  explicit Writer(const std::string& dir)
      : ledger_(Must(log::Ledger::Create(
            store::WithRowCache(Must(store::OpenRocks(dir + "/store", store::Access::kCreate)), kCacheBytes),
            kName, Key(), Signed(Genesis(), key_), clock_))) {
    Must(ledger_->AppendOne(Signed(Names(), key_), clock_).status());
  }

  // Adds the items from `first` up to `last`, so many in an entry. Answers the record of each.
  std::vector<std::uint64_t> Write(const char* what, std::uint64_t first, std::uint64_t last,
                                   std::uint64_t each, const Add& add) {
    std::vector<std::uint64_t> records;
    std::vector<Bytes> group;
    double spent = 0;
    std::uint64_t entries = 0;
    std::vector<std::uint64_t> sizes;  // how many items each entry of the group has
    const auto append = [&] {
      const double start = Now();
      const auto receipts = ledger_->Append(group, clock_);
      spent += Now() - start;
      for (std::size_t i = 0; i < receipts.size(); ++i) {
        Must(receipts[i].status());
        records.insert(records.end(), sizes[i], receipts[i]->record.value());
      }
      entries += group.size();
      group.clear();
      sizes.clear();
    };
    for (std::uint64_t n = first; n < last;) {
      v1::Entry entry = EntryWith(next_id_++);
      const std::uint64_t end = std::min(last, n + each);
      sizes.push_back(end - n);
      for (; n < end; ++n) add(&entry, n);
      group.push_back(Signed(entry, key_));
      if (group.size() == kGroup) append();
    }
    if (!group.empty()) append();
    fmt::print("  {:<9}{:>9.0f} a second, {:.0f} entries a second of {} each ({} in {:.2f} s)\n", what,
               static_cast<double>(last - first) / spent, static_cast<double>(entries) / spent, each,
               last - first, spent);
    return records;
  }

 private:
  const crypto::SigningKey key_ = Key();
  const log::Clock clock_ = log::SystemClock();
  const std::unique_ptr<log::Ledger> ledger_;
  std::uint64_t next_id_ = 1'000'000;
};

std::string Department(std::uint64_t n) { return fmt::format("d{}", n % kDepartments); }
std::string Category(std::uint64_t n) { return fmt::format("k{}", n % kCategories); }

void AddPlace(v1::Entry* entry, const std::string& id, const std::string& parent, std::uint32_t level) {
  auto* place = entry->add_actions()->mutable_declare_place();
  place->set_id(id);
  place->set_name("Place " + id);
  place->set_parent(parent);
  place->set_level(level);
}

// The country, provinces p0 and so on, counties c0, townships t0; the categories k0; and the party `checker`, which may judge
// every need and project.
void WritePlaces(Writer* writer, const Size& size) {
  writer->Write("places", 0, 1 + kProvinces + kCounties + size.townships, kEach,
                [](v1::Entry* entry, std::uint64_t n) {
                  if (n == 0) return AddPlace(entry, "cn", "", 0);
                  n -= 1;
                  if (n < kProvinces) return AddPlace(entry, fmt::format("p{}", n), "cn", 1);
                  n -= kProvinces;
                  if (n < kCounties)
                    return AddPlace(entry, fmt::format("c{}", n), fmt::format("p{}", n % kProvinces), 3);
                  n -= kCounties;
                  AddPlace(entry, fmt::format("t{}", n), fmt::format("c{}", n % kCounties), 4);
                });
  writer->Write("rest", 0, kCategories + 1, kEach, [](v1::Entry* entry, std::uint64_t n) {
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

void WriteNeeds(Writer* writer, const Size& size) {
  const Add declare = [&](v1::Entry* entry, std::uint64_t n) {
    auto* need = entry->add_actions()->mutable_declare_need();
    need->set_id(fmt::format("n{}", n));
    need->set_owner(Department(n));
    need->set_place(fmt::format("t{}", n * 7919 % size.townships));
    need->set_category(Category(n / 3));
    need->set_people(static_cast<std::int64_t>(40 + n % 400));
    need->set_severity(static_cast<std::uint32_t>(1 + n % 5));
    need->set_asset("CNY");
    need->set_amount(static_cast<std::int64_t>(100'000 + n % 900'000));
    need->set_from("2020-01-01");
  };
  const std::uint64_t singles = std::min(kSingles, size.needs / 2);
  auto records = writer->Write("needs", 0, singles, 1, declare);
  const auto more = writer->Write("needs", singles, size.needs, kEach, declare);
  records.insert(records.end(), more.begin(), more.end());
  writer->Write("verified", 0, size.needs, kEach, [&](v1::Entry* entry, std::uint64_t n) {
    auto* said = entry->add_actions()->mutable_verify_need();
    said->set_need(fmt::format("n{}", n));
    said->set_version(records[n]);
    said->set_by("checker");
    said->set_result(v1::VerifyNeed::RESULT_CONFIRMED);
  });
}

void WriteProjects(Writer* writer, const Size& size) {
  const auto records =
      writer->Write("projects", 0, size.projects, kEach, [&](v1::Entry* entry, std::uint64_t n) {
        auto* project = entry->add_actions()->mutable_propose_project();
        project->set_id(fmt::format("j{}", n));
        project->set_name("Project");
        project->set_owner(Department(n));
        // Two places and one category: a project is in few cells.
        for (std::uint64_t part = 0; part < 2; ++part) {
          auto* share = project->add_places();
          share->set_place(fmt::format("t{}", (n * 2 + part) * 104'729 % size.townships));
          share->set_basis_points(5'000);
        }
        project->add_categories()->set_category(Category(n));
        auto* target = project->add_targets();
        target->set_indicator("people");
        target->set_target(400);
      });
  writer->Write("approved", 0, size.projects, kEach, [&](v1::Entry* entry, std::uint64_t n) {
    auto* said = entry->add_actions()->mutable_approve_project();
    said->set_project(fmt::format("j{}", n));
    said->set_version(records[n]);
    said->set_by("checker");
    said->set_decision(v1::ApproveProject::DECISION_APPROVED);
  });
  writer->Write("payments", 0, size.payments, kEach, [&](v1::Entry* entry, std::uint64_t n) {
    const std::uint64_t project = n % size.projects;
    AddPayment(entry, "donor", Department(project), static_cast<std::int64_t>(100'000 + n % 900'000));
    auto* transfer = entry->mutable_actions(entry->actions_size() - 1)->mutable_transfer();
    transfer->set_project(fmt::format("j{}", project));
  });
}

void Make(const std::string& dir, const Size& size) {
  Writer writer(dir);
  WritePlaces(&writer, size);
  WriteNeeds(&writer, size);
  WriteProjects(&writer, size);
}

// The processor time of this process, which other programs hardly change.
double Worked() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// The same question first of a store that was just opened, and again and again.
void Ask(const std::string& dir, const char* what, const std::string& place, std::uint64_t needs) {
  const auto rows =
      store::WithRowCache(Must(store::OpenRocks(dir + "/store", store::Access::kReadOnly)), kCacheBytes);
  const auto view = Must(query::MakeView(*rows));
  v1::CoverageRequest request;
  request.set_by(v1::CoverageRequest::BY_PLACE);
  request.set_place(place);
  std::vector<double> times, worked;
  const auto ask = [&] {
    const double start = Now(), begun = Worked();
    auto answer = Must(query::Coverage(view, request));
    times.push_back(Now() - start);
    worked.push_back(Worked() - begun);
    return answer;
  };
  const auto answer = ask();
  if (needs > 0 && answer.total().figures().needs() != needs) fmt::print("  coverage is WRONG\n");
  const double first = times.front();
  times.clear();
  worked.clear();
  for (int i = 0; i < kRepeats; ++i) ask();
  std::sort(times.begin(), times.end());
  std::sort(worked.begin(), worked.end());
  // p99 of so few is the slowest.
  fmt::print("  {:<9}first {:.0f} ms, then p50 {:.0f} ms, p99 {:.0f} ms, processor p50 {:.0f} ms; ", what,
             first * 1e3, times[times.size() / 2] * 1e3, times[times.size() * 99 / 100] * 1e3,
             worked[worked.size() / 2] * 1e3);
  fmt::print("{} lines, {} needs, {} projects\n", answer.lines_size(), answer.total().figures().needs(),
             answer.total().figures().projects());
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  using namespace fundtrail::bench;
  Size size;
  std::uint64_t* const arguments[] = {&size.needs, &size.projects, &size.townships, &size.payments};
  for (int i = 1; i < argc; ++i) {
    const std::uint64_t number = std::strtoull(argv[i], nullptr, 10);
    if (i > 4 || number < 2) {
      fmt::print(stderr, "give at most four numbers from 2 on: NEEDS PROJECTS TOWNSHIPS PAYMENTS\n");
      return 2;
    }
    *arguments[i - 1] = number;
  }
  std::string dir = (std::filesystem::current_path() / "fundtrail-bench-XXXXXX").string();
  if (mkdtemp(dir.data()) == nullptr) return 3;
  fmt::print("{} places, {} categories, {} needs, {} projects, {} payments\n",
             1 + kProvinces + kCounties + size.townships, kCategories, size.needs, size.projects,
             size.payments);
  Phase([&] { Make(dir, size); });
  Phase([&] { Ask(dir, "country", "cn", size.needs); });
  Phase([&] { Ask(dir, "province", "p7", 0); });
  std::filesystem::remove_all(dir);
  return 0;
}

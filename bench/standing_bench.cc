// What a payment in a project costs when verdicts stand over the projects, against one when none does. Decides nothing; prints.
//
//   fundtrail_standing_bench [PROJECTS [PAYMENTS]]     1000 and 20000 by default
//
// One verdict over each project and one over its programme, which all projects share. Both are CONTINUE, so that every payment goes
// through all that is looked at. Rows are in memory, and the rules alone are timed: what signing and the disk take is not counted.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/bench.h"
#include "ledger/books/apply.h"
#include "ledger/books/standing.h"
#include "ledger/store/memory.h"
#include "ledger/store/overlay.h"

namespace fundtrail::bench {
namespace {

constexpr std::uint64_t kEach = 200;  // items in an entry

class Books {
 public:
  void Take(const v1::Entry& entry) {
    store::Overlay changes(static_cast<const store::Reader&>(state_));
    Must(books::Apply(&changes, Now(), entry, {Key().public_key()}).status());
    changes.MergeInto(&state_);
    ++next_;
  }
  // The verdict of a group, without a group: it is the row that a payment reads.
  void Judge(v1::Action::ActionCase action, const std::string& id) {
    v1::Evaluate said;
    said.set_id("e-" + id);
    said.set_group("check");
    action == v1::Action::kProposeProject ? said.set_project(id) : said.set_programme(id);
    said.set_verdict(v1::Evaluate::VERDICT_CONTINUE);
    Must(books::AddVerdict(&state_, Now(), said, "bench"));
  }
  std::uint64_t next() const { return next_; }

 private:
  books::Moment Now() const { return {RecordIndex(next_), Date(20'000), books::kRules[0]}; }

  const std::unique_ptr<store::Store> empty_ = store::MakeMemoryStore();
  store::Overlay state_{*empty_};
  std::uint64_t next_ = 0;
};

std::string Project(std::uint64_t n) { return fmt::format("j{}", n); }

// Genesis, the names, and the projects, all approved.
void Begin(Books* books, std::uint64_t projects) {
  books->Take(Genesis());
  books->Take(Names());
  v1::Entry rest = EntryWith(2);
  AddParty(&rest, "checker", v1::ROLE_HOLDER);
  auto* programme = rest.add_actions()->mutable_open_programme();
  programme->set_id("all");
  programme->set_name("All");
  programme->set_owner("root");
  books->Take(rest);
  for (std::uint64_t first = 0; first < projects; first += kEach) {
    v1::Entry proposed = EntryWith(1'000 + first), approved = EntryWith(1'000'000 + first);
    const std::uint64_t record = books->next();
    for (std::uint64_t n = first; n < std::min(projects, first + kEach); ++n) {
      auto* project = proposed.add_actions()->mutable_propose_project();
      project->set_id(Project(n));
      project->set_name("Project");
      project->set_owner("d0");
      project->set_programme("all");
      auto* target = project->add_targets();
      target->set_indicator("people");
      target->set_target(400);
      auto* said = approved.add_actions()->mutable_approve_project();
      said->set_project(Project(n));
      said->set_version(record);
      said->set_by("checker");
      said->set_decision(v1::ApproveProject::DECISION_APPROVED);
    }
    books->Take(proposed);
    books->Take(approved);
  }
}

// Seconds for a payment in a project.
double Pay(std::uint64_t projects, std::uint64_t payments, bool judged) {
  Books books;
  Begin(&books, projects);
  if (judged) {
    books.Judge(v1::Action::kOpenProgramme, "all");
    for (std::uint64_t n = 0; n < projects; ++n) books.Judge(v1::Action::kProposeProject, Project(n));
  }
  std::vector<v1::Entry> entries;
  for (std::uint64_t n = 0; n < payments; ++n) {
    entries.push_back(EntryWith(10'000'000 + n));
    AddPayment(&entries.back(), "donor", "d1", static_cast<std::int64_t>(100 + n % 900));
    entries.back().mutable_actions(0)->mutable_transfer()->set_project(Project(n * 7'919 % projects));
  }
  const double start = bench::Now();
  for (const v1::Entry& entry : entries) books.Take(entry);
  return (bench::Now() - start) / static_cast<double>(payments);
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  using namespace fundtrail::bench;
  std::uint64_t projects = 1'000, payments = 20'000;
  std::uint64_t* const arguments[] = {&projects, &payments};
  for (int i = 1; i < argc; ++i) {
    const std::uint64_t number = std::strtoull(argv[i], nullptr, 10);
    if (i > 2 || number < 1) {
      fmt::print(stderr, "give at most two numbers from 1 on: PROJECTS PAYMENTS\n");
      return 2;
    }
    *arguments[i - 1] = number;
  }
  const double without = Pay(projects, payments, false), with = Pay(projects, payments, true);
  fmt::print("{} projects, {} payments: {:.2f} us each without verdicts, {:.2f} us with {}; ratio {:.3f}\n",
             projects, payments, without * 1e6, with * 1e6, projects + 1, with / without);
  return 0;
}

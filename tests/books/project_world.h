// The small world with projects, needs and those who judge them. It has short words for their actions, and the sums of
// projects as a line of text.
//
// root ─┬─ donor, donor2, unrecorded (SOURCE)
//       ├─ ministry ── county ─┬─ village (RECIPIENT)       projects of county, done by charity: lunches and roofs are
//       │                      └─ hamlet (inferred)         approved, plan is not
//       ├─ charity ── team                                  places cn ─┬─ gz ── df ── town
//       ├─ auditor                                                     └─ sc
//       ├─ office (gz) ── desk (gz) ── clerk (gz)           the need coats of desk, in df
//       └─ bureau (gz), capital (cn), station (df), far (sc), low (town)
#pragma once

#include <map>
#include <string>
#include <utility>

#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"
#include "tests/support/projects.h"
#include "tests/support/world.h"

namespace fundtrail::testing {

// "minted 100, held 60, taken out 40": what is not 0.
inline std::string Text(const model::ProjectTotals& sums) {
  std::string text;
  const auto add = [&](const char* name, Amount amount) {
    if (!amount.is_zero()) absl::StrAppend(&text, text.empty() ? "" : ", ", name, " ", amount.value());
  };
  add("minted", sums.minted);
  add("moved in", sums.moved_in);
  add("unrecorded", sums.unrecorded);
  add("committed in", sums.committed_in);
  add("held", sums.held);
  add("ended", sums.ended);
  add("reached", sums.reached);
  add("with sources", sums.with_sources);
  add("sent back", sums.sent_back);
  add("taken out", sums.taken_out);
  return text;
}

inline constexpr std::uint64_t kProposed = 2;  // the record that proposed the projects
inline constexpr std::uint64_t kFirst = 4;     // that of the first payment

class ProjectWorld : public World {
 public:
  ProjectWorld() {
    Need(Do({Place("cn"),
             Place("gz", "cn", 1),
             Place("sc", "cn", 1),
             Place("df", "gz", 3),
             Place("town", "df", 4),
             Category("NUT"),
             Category("SHL"),
             Inferred("hamlet", "county"),
             Party("donor2", "root", v1::ROLE_SOURCE),
             Party("unrecorded", "root", v1::ROLE_SOURCE),
             Party("auditor", "root"),
             Party("team", "charity"),
             Seated(Party("office", "root"), "gz"),
             Seated(Party("desk", "office"), "gz"),
             Seated(Party("clerk", "desk"), "gz"),
             Seated(Party("bureau", "root"), "gz"),
             Seated(Party("capital", "root"), "cn"),
             Seated(Party("station", "root"), "df"),
             Seated(Party("far", "root"), "sc"),
             Seated(Party("low", "root"), "town"),
             Programme("schools", "county"),
             Project("lunches", "county", "charity"),
             Project("roofs", "county", "charity"),
             Project("plan", "county", "charity"),
             NeedAt("coats", "desk", "df")})
             .status());
    Need(Do({Decide("lunches", kProposed), Decide("roofs", kProposed)}).status());
  }

  std::string Verdict(const v1::Action& action, std::initializer_list<int> signers = {1},
                      const std::string& author = "root") {
    return testing::Verdict(Do({action}, signers, author).status());
  }

  // The newest sums that are not all 0, of general money and of every single project, in every asset. They read "general
  // CNY: minted 100, held 100; lunches CNY: ...". As of a record, those that stood after it.
  std::string Sums(std::uint64_t as_of = UINT64_MAX) const {
    std::map<std::pair<std::string, std::string>, model::ProjectTotals> newest;
    const Bytes all = model::keys::AllOf(model::keys::kProjectSumsTag);
    for (const auto& [key, value] : AllRows(state(), all, store::PrefixEnd(all))) {
      const auto of = Need(model::keys::ReadProjectSums(key));
      if (of.record.value() > as_of || of.project == model::keys::kAllProjects) continue;
      newest[{std::string(of.project), std::string(of.asset)}] = Need(model::DecodeProjectTotals(key, value));
    }
    std::string text;
    for (const auto& [of, sums] : newest) {
      const std::string said = Text(sums);
      if (said.empty()) continue;
      absl::StrAppend(&text, text.empty() ? "" : "; ", of.first.empty() ? "general" : of.first, " ",
                      of.second, ": ", said);
    }
    return text;
  }
};

}  // namespace fundtrail::testing

// See coverage_rows.h.
#include "ledger/query/coverage_rows.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/books/ancestors.h"
#include "ledger/books/state.h"
#include "ledger/query/coverage_needs.h"
#include "ledger/query/numbers.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

__extension__ using Wide = __int128;

static_assert(Numbers::kNone == kNoItem);

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::uint32_t kWhole = 10'000;  // basis points

class CoverageReader {
 public:
  CoverageReader(const View& view, const v1::CoverageRequest& request, AsOfRecord as_of,
                 v1::CoverageAnswer* answer)
      : view_(view), request_(request), as_of_(as_of), answer_(*answer), ancestors_(*view.rows) {}

  StatusOr<CoverageRead> Read() {
    FT_ASSIGN_OR_RETURN(read_.books.places, ReadTree(view_, v1::Action::kDeclarePlace, as_of_));
    FT_ASSIGN_OR_RETURN(read_.books.categories, ReadTree(view_, v1::Action::kDeclareCategory, as_of_));
    FT_ASSIGN_OR_RETURN(read_.scope.place, FindIn(read_.books.places, "place", request_.place()));
    FT_ASSIGN_OR_RETURN(read_.scope.category,
                        FindIn(read_.books.categories, "category", request_.category()));
    FT_RETURN_IF_ERROR(ReadNeeds());
    FT_RETURN_IF_ERROR(ReadSums());
    FT_RETURN_IF_ERROR(ChooseAsset());
    FT_RETURN_IF_ERROR(CountNeeds());
    FT_RETURN_IF_ERROR(CountSums());
    FT_RETURN_IF_ERROR(ReadProjects());
    FT_RETURN_IF_ERROR(ReadTeams());
    read_.parties = parties_.Texts();
    return std::move(read_);
  }

 private:
  struct Need {
    CoverageNeed need;
    int asset = kNoItem;
  };
  struct Sums {
    std::string project;
    int asset = kNoItem;
    model::ProjectTotals totals;
  };

  // Of what another row names.
  StatusOr<int> NeedPlace(const std::string& id) const {
    const int found = read_.books.places.Find(id);
    if (found != kNoItem) return found;
    return model::Damaged(keys::Item(v1::Action::kDeclarePlace, id), "is missing");
  }
  StatusOr<int> NeedCategory(const std::string& id) const {
    const int found = read_.books.categories.Find(id);
    if (found != kNoItem) return found;
    return model::Damaged(keys::Item(v1::Action::kDeclareCategory, id), "is missing");
  }
  bool InScope(const CoverageNeed& need) const {
    return read_.books.places.IsIn(read_.scope.place, need.place) &&
           read_.books.categories.IsIn(read_.scope.category, need.category);
  }

  Status ReadNeeds() {
    return EachNeedInForce(view_, answer_.on(), as_of_, [&](const NeedInForce& there) -> Status {
      const v1::DeclareNeed& said = *there.said;
      Need need;
      FT_ASSIGN_OR_RETURN(need.need.place, NeedPlace(said.place()));
      FT_ASSIGN_OR_RETURN(need.need.category, NeedCategory(said.category()));
      need.need.people = there.people;
      need.need.amount = there.amount;
      if (!said.asset().empty()) need.asset = assets_.Of(said.asset());
      if (there.found == v1::VerifyNeed::RESULT_UNSPECIFIED && !request_.unverified()) {
        if (InScope(need.need)) not_verified_.push_back(need);
        return absl::OkStatus();
      }
      if (!Counts(there, request_.unverified())) return absl::OkStatus();
      if (need.need.amount > 0 && need.asset != kNoItem) counted_.insert(need.asset);
      needs_.push_back(need);
      return absl::OkStatus();
    });
  }

  Status ReadSums() {
    return EachProjectSums(view_, as_of_, [&](const ProjectSums& sums) {
      const int asset = assets_.Of(sums.asset);
      if (!sums.project.empty() && !sums.totals.placed().is_zero()) counted_.insert(asset);
      sums_.push_back({sums.project, asset, sums.totals});
      return absl::OkStatus();
    });
  }

  Status ChooseAsset() {
    const std::vector<std::string> codes = assets_.Texts();
    const auto in_words = [&](const std::set<int>& numbers) {
      std::set<std::string> words;
      for (const int number : numbers) words.insert(codes[number]);
      return words;
    };
    std::set<int> may_be = counted_;
    if (may_be.empty())
      for (const Sums& sums : sums_) may_be.insert(sums.asset);
    if (!request_.asset().empty()) {
      FT_ASSIGN_OR_RETURN(const auto asset, FindAsset(view_, request_.asset()));
      answer_.set_asset(asset.code());
    } else if (may_be.size() > 1) {
      return absl::InvalidArgumentError(absl::StrCat("asset: needs and projects count ",
                                                     absl::StrJoin(in_words(may_be), ", "), ": name one"));
    } else if (!may_be.empty()) {
      answer_.set_asset(codes[*may_be.begin()]);
    }
    if (!answer_.asset().empty()) {
      FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(view_, answer_.asset()));
      answer_.set_decimals(asset.decimals());
    }
    asset_ = assets_.Find(answer_.asset());
    for (const std::string& code : in_words(counted_)) {
      if (code == answer_.asset()) continue;
      answer_.add_other_assets(code);
      FT_RETURN_IF_ERROR(view_.Grow(code.size()));
    }
    return absl::OkStatus();
  }

  // In the asset that is counted.
  std::int64_t AmountOf(const Need& need) const {
    return need.asset != kNoItem && need.asset == asset_ ? need.need.amount : 0;
  }

  Status CountNeeds() {
    read_.books.needs.reserve(needs_.size());
    std::uint64_t without_amount = 0;
    for (const Need& need : needs_) {
      CoverageNeed counted = need.need;
      counted.amount = AmountOf(need);
      if (counted.amount == 0 && InScope(counted)) ++without_amount;
      read_.books.needs.push_back(counted);
    }
    answer_.set_without_amount(without_amount);
    answer_.set_not_verified(not_verified_.size());
    // Anybody may declare a need: what nobody verified must not stand in the way of the answer.
    std::int64_t asked = 0;
    for (const Need& need : not_verified_)
      if (!AddTo(&asked, AmountOf(need))) asked = kMost;
    answer_.set_not_verified_asked(asked);
    return absl::OkStatus();
  }

  Status CountSums() {
    std::int64_t brought_in = 0, unrecorded = 0, committed = 0, with_sources = 0;
    Wide exchanged = 0;
    for (const Sums& sums : sums_) {
      if (sums.asset != asset_) continue;
      const model::ProjectTotals& totals = sums.totals;
      if (totals.beyond) return TooMuch();
      const bool fits = AddTo(&brought_in, totals.minted.value()) &&
                        AddTo(&unrecorded, totals.unrecorded.value()) &&
                        AddTo(&committed, totals.committed_minted.value()) &&
                        AddTo(&with_sources, totals.with_sources.value());
      if (!fits) return TooMuch();
      // What went from one to another of them is in two, and comes to nothing.
      exchanged += Wide(totals.moved_in.value()) - totals.sent_back.value() - totals.taken_out.value();
      if (sums.project.empty()) {
        answer_.set_general(totals.placed().value());
      } else {
        money_.emplace(sums.project, &totals);
      }
    }
    if (exchanged > kMost || exchanged < -kMost) return TooMuch();
    answer_.set_brought_in(brought_in);
    answer_.set_unrecorded(unrecorded);
    answer_.set_committed(committed);
    answer_.set_with_sources(with_sources);
    answer_.set_exchanged(static_cast<std::int64_t>(exchanged));
    return absl::OkStatus();
  }
  static Status TooMuch() {
    return absl::OutOfRangeError("more money of this asset came in than 63 bits can count");
  }

  Status ReadProjects() {
    Numbers programmes;
    FT_RETURN_IF_ERROR(
        EachItem(view_, v1::Action::kProposeProject, as_of_, [&](const v1::RegisterRow& row) -> Status {
          FT_ASSIGN_OR_RETURN(auto project, ProjectOf(row));
          const std::string& programme = row.action().propose_project().programme();
          if (!programme.empty()) project.programme = programmes.Of(programme);
          projects_.Of(project.id);
          read_.books.projects.push_back(std::move(project));
          return absl::OkStatus();
        }));
    if (!money_.empty()) {
      return model::Damaged(keys::Item(v1::Action::kProposeProject, money_.begin()->first), "is missing");
    }
    return NameProgrammes(programmes);
  }

  // By id, as their lines stand.
  Status NameProgrammes(const Numbers& programmes) {
    std::map<std::string, int> by_id;
    const std::vector<std::string> ids = programmes.Texts();
    for (std::size_t i = 0; i < ids.size(); ++i) by_id.emplace(ids[i], static_cast<int>(i));
    std::vector<int> places(ids.size());
    for (const auto& [id, number] : by_id) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(auto row, books::GetItem(*view_.rows, v1::Action::kOpenProgramme, id));
      if (row.has_value() && as_of_.has_value()) {
        FT_ASSIGN_OR_RETURN(row, books::AsOf(*view_.rows, *std::move(row), RecordIndex(*as_of_)));
      }
      if (!row.has_value()) return model::Damaged(keys::Item(v1::Action::kOpenProgramme, id), "is missing");
      places[number] = static_cast<int>(read_.books.programmes.size());
      read_.books.programmes.push_back({id, row->action().open_programme().name()});
    }
    for (CoverageProject& project : read_.books.projects)
      if (project.programme != kNoItem) project.programme = places[project.programme];
    return absl::OkStatus();
  }

  StatusOr<CoverageProject> ProjectOf(const v1::RegisterRow& row) {
    const v1::ProposeProject& said = row.action().propose_project();
    CoverageProject project;
    project.id = said.id();
    project.name = said.name();
    for (const v1::PlaceShare& share : said.places()) {
      FT_ASSIGN_OR_RETURN(const int place, NeedPlace(share.place()));
      project.places.push_back({place, share.basis_points()});
    }
    for (const v1::CategoryShare& share : said.categories()) {
      FT_ASSIGN_OR_RETURN(const int category, NeedCategory(share.category()));
      project.categories.push_back({category, share.basis_points()});
    }
    FT_RETURN_IF_ERROR(Order(read_.books.places, said.id(), &project.places));
    FT_RETURN_IF_ERROR(Order(read_.books.categories, said.id(), &project.categories));
    if (!row.has_ended() && IsInPeriod(answer_.on(), said.from(), said.until())) {
      FT_ASSIGN_OR_RETURN(const auto decision, DecisionOn(view_, row, as_of_));
      project.open = decision == v1::ApproveProject::APPROVED;
    }
    if (project.open) {
      FT_ASSIGN_OR_RETURN(project.party,
                          PartyOf(said.implementer().empty() ? said.owner() : said.implementer()));
      project.group = groups_.Of(said.target_group());
    }
    const auto money = money_.find(said.id());
    if (money == money_.end()) return project;
    const model::ProjectTotals& totals = *money->second;
    project.money.placed = totals.placed().value();
    project.money.reached = totals.reached.value();
    project.money.committed = std::min(totals.committed_in, totals.placed()).value();
    money_.erase(money);
    return project;
  }

  // By id; and shares are 10,000 together, or none is said.
  static Status Order(const ItemTree& tree, const std::string& project, std::vector<CoverageShare>* shares) {
    std::sort(shares->begin(), shares->end(), [&](const CoverageShare& a, const CoverageShare& b) {
      return tree.id(a.item) < tree.id(b.item);
    });
    std::uint64_t sum = 0;
    bool some = false, all = true;
    for (const CoverageShare& share : *shares) {
      sum += share.basis_points;
      some = some || share.basis_points > 0;
      all = all && share.basis_points > 0;
    }
    if (!some || (all && sum == kWhole)) return absl::OkStatus();
    return model::Damaged(keys::Item(v1::Action::kProposeProject, project),
                          "is split in parts that are no whole");
  }

  Status ReadTeams() {
    return EachItem(view_, v1::Action::kDeploy, as_of_, [&](const v1::RegisterRow& row) -> Status {
      const v1::Deploy& said = row.action().deploy();
      const bool there = said.status() == v1::Deploy::ACTIVE && !row.has_ended() &&
                         IsInPeriod(answer_.on(), said.from(), said.to());
      if (!there) return absl::OkStatus();
      CoverageTeam team;
      FT_ASSIGN_OR_RETURN(team.place, NeedPlace(said.place()));
      FT_ASSIGN_OR_RETURN(team.category, NeedCategory(said.category()));
      FT_ASSIGN_OR_RETURN(team.party, PartyOf(said.party()));
      team.group = groups_.Of(said.target_group());
      team.project = said.project().empty() ? kNoItem : projects_.Find(said.project());
      read_.books.teams.push_back(team);
      return absl::OkStatus();
    });
  }

  // The number of a party, which it has after those above it.
  StatusOr<int> PartyOf(const std::string& id) {
    if (const int known = parties_.Find(id); known != kNoItem) return known;
    std::vector<std::string> way;
    const Status climbed =
        ancestors_.EachAbove(v1::Action::kRegisterParty, id, [&](const std::string& at) -> StatusOr<bool> {
          FT_RETURN_IF_ERROR(view_.GoOn());
          way.push_back(at);
          return parties_.Find(at) == kNoItem;
        });
    FT_RETURN_IF_ERROR(climbed);
    int above = kNoItem;
    for (std::size_t i = way.size(); i-- > 0;) {
      const std::size_t before = parties_.size();
      const int number = parties_.Of(way[i]);
      if (parties_.size() > before) {
        auto& parties = read_.books.parties;
        parties.push_back({above, above == kNoItem ? 0 : parties[above].depth + 1});
      }
      above = number;
    }
    return above;
  }

  const View& view_;
  const v1::CoverageRequest& request_;
  const AsOfRecord as_of_;
  v1::CoverageAnswer& answer_;
  books::Ancestors ancestors_;
  CoverageRead read_;
  Numbers assets_, groups_, parties_, projects_;
  int asset_ = kNoItem;  // that is counted, when anything counts it
  std::set<int> counted_;
  std::vector<Need> needs_, not_verified_;
  std::vector<Sums> sums_;
  absl::flat_hash_map<std::string, const model::ProjectTotals*> money_;  // of projects that are not read yet
};

}  // namespace

StatusOr<CoverageRead> ReadCoverage(const View& view, const v1::CoverageRequest& request, AsOfRecord as_of,
                                    v1::CoverageAnswer* answer) {
  return CoverageReader(view, request, as_of, answer).Read();
}

}  // namespace fundtrail::query

// See coverage_rows.h.
#include "ledger/query/coverage_rows.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/quantity.h"
#include "ledger/base/wide.h"
#include "ledger/query/apportion.h"
#include "ledger/query/coverage_places.h"
#include "ledger/query/coverage_projects.h"
#include "ledger/query/joins.h"
#include "ledger/query/need_money.h"
#include "ledger/query/need_promises.h"
#include "ledger/query/needs_in_force.h"
#include "ledger/query/numbers.h"
#include "ledger/query/project_accounts.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

static_assert(Numbers::kNone == kNoItem);

Status MoneyOverflows() {
  return absl::OutOfRangeError("more money of this asset came in than 63 bits can count");
}

class CoverageReader {
 public:
  CoverageReader(const View& view, const v1::CoverageRequest& request, AsOfRecord as_of,
                 CoveragePlaces places, Joins joins, v1::CoverageAnswer* answer)
      : view_(view),
        request_(request),
        as_of_(as_of),
        answer_(*answer),
        places_(std::move(places)),
        joins_(std::move(joins)),
        projects_(view, answer->on(), as_of, places_, joins_),
        accounts_(view, as_of, joins_) {}

  StatusOr<CoverageRead> Read() {
    read_.scope = places_.scope();
    FT_RETURN_IF_ERROR(projects_.ReadTeams(&read_.books));
    FT_RETURN_IF_ERROR(projects_.ReadProjects(&read_.books));
    FT_RETURN_IF_ERROR(ReadPaid());
    FT_RETURN_IF_ERROR(ReadPromised());
    FT_RETURN_IF_ERROR(ReadNeeds());
    FT_RETURN_IF_ERROR(ReadSums());
    FT_RETURN_IF_ERROR(ChooseAsset());
    FT_RETURN_IF_ERROR(CountNeeds());
    FT_RETURN_IF_ERROR(CountTogether());
    FT_RETURN_IF_ERROR(CountProjects());
    FT_RETURN_IF_ERROR(NameFunds());
    joined_.insert(projects_.joined().begin(), projects_.joined().end());
    FT_RETURN_IF_ERROR(joins_.Say(view_, as_of_, joined_, &answer_));
    read_.parties = projects_.Parties();
    read_.authors = authors_.Texts();
    places_.MoveTo(&read_.books);
    return std::move(read_);
  }

 private:
  struct Need {
    CoverageNeed need;
    int asset = kNoItem;
    std::vector<NeedPaid> paid;  // in any asset
  };
  // Of one project in one asset.
  struct Sums {
    int project = kNoItem;
    int asset = kNoItem;
    CoverageMoney money;
  };

  bool by_fund() const { return request_.by() == v1::CoverageRequest::BY_FUND; }
  bool InScope(const CoverageNeed& need) const { return places_.IsIn(need.place, need.category); }

  // --- needs, and sums ------------------------------------------------------------------------------------

  // Of all needs: what names one is read whole, since few payments do.
  Status ReadPaid() {
    const auto take = [this](const NeedPaid& paid) {
      if (paid.money.paid == 0 && !paid.money.beyond) return absl::OkStatus();
      paid_in_[paid.asset] += paid.money.paid;
      paid_for_[paid.need].push_back(paid);
      return absl::OkStatus();
    };
    return EachNeedPaid(view_, as_of_, take);
  }

  Status ReadPromised() {
    return EachPromised(view_, as_of_, [this](const std::string& need, std::int64_t promised) {
      promised_to_[need] = promised;
      return absl::OkStatus();
    });
  }

  Status ReadNeeds() {
    const auto* ids = places_.ItemsOf(v1::Action::kDeclareNeed);
    const auto take = [this](const NeedInForce& there) { return AddInForce(there); };
    FT_RETURN_IF_ERROR(EachNeedInForce(view_, answer_.on(), as_of_, ids, take));
    // What is left was paid for needs that are in force no more, or not yet.
    for (auto& [id, paid] : paid_for_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (ids != nullptr && !std::binary_search(ids->begin(), ids->end(), id)) continue;
      FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kDeclareNeed, id, as_of_));
      if (!row.has_value()) return model::Damaged(keys::Item(v1::Action::kDeclareNeed, id), "is missing");
      FT_ASSIGN_OR_RETURN(Need need, NeedAt(row->action().declare_need()));
      need.paid = std::move(paid);
      Keep(std::move(need));
    }
    return absl::OkStatus();
  }

  // One that does not count.
  StatusOr<Need> NeedAt(const v1::DeclareNeed& said) {
    Need need;
    need.need.counts = false;
    FT_ASSIGN_OR_RETURN(need.need.place, places_.PlaceOf(said.place()));
    FT_ASSIGN_OR_RETURN(need.need.category, places_.CategoryOf(said.category()));
    return need;
  }

  Status AddInForce(const NeedInForce& there) {
    const v1::DeclareNeed& said = *there.said;
    FT_ASSIGN_OR_RETURN(Need need, NeedAt(said));
    if (const auto paid = paid_for_.find(said.id()); paid != paid_for_.end()) {
      need.paid = std::move(paid->second);
      paid_for_.erase(paid);
    }
    if (!said.asset().empty()) need.asset = assets_.Of(said.asset());
    if (there.found == v1::VerifyNeed::RESULT_UNSPECIFIED && !request_.unverified()) {
      if (InScope(need.need)) {
        ++not_verified_;
        // Anybody may declare a need: what nobody verified must not stand in the way of the answer.
        AddUpTo63Bits(&not_verified_asked_[need.asset], there.asked);
      }
    } else if (Counts(there, request_.unverified())) {
      need.need.counts = true;
      need.need.amount = there.asked;
      need.need.people = there.people;
      need.need.severity = there.severity;
      // Its asset is fixed since something was assigned to it.
      if (const auto promised = promised_to_.find(said.id()); promised != promised_to_.end())
        need.need.promised = promised->second;
      if (InScope(need.need)) authors_.Of(said.owner());
      if (need.need.amount > 0 && need.asset != kNoItem && places_.IsIn(need.need.place))
        counted_.insert(need.asset);
    }
    if (need.need.counts || !need.paid.empty()) Keep(std::move(need));
    return absl::OkStatus();
  }

  void Keep(Need need) {
    if (places_.IsIn(need.need.place))
      for (const NeedPaid& paid : need.paid) counted_.insert(assets_.Of(paid.asset));
    needs_.push_back(std::move(need));
  }

  Status ReadSums() {
    const auto keep = [this](const ProjectSums& sums) {
      together_.push_back(sums);
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(EachAssetOf(view_, "", as_of_, keep));
    FT_RETURN_IF_ERROR(EachAssetOf(view_, keys::kAllProjects, as_of_, keep));
    const auto take = [this](const ProjectSums& sums) -> Status {
      if (sums.project.empty()) return absl::OkStatus();
      Sums of;
      of.project = projects_.Find(sums.project);
      if (of.project == kNoItem)
        return model::Damaged(keys::Item(v1::Action::kProposeProject, sums.project), "is missing");
      of.asset = assets_.Of(sums.asset);
      if (sums.totals.beyond) beyond_.insert(of.asset);
      of.money.placed = sums.totals.placed().value();
      of.money.reached = sums.totals.reached.value();
      of.money.committed = std::min(sums.totals.committed_in, sums.totals.placed()).value();
      if (of.money.placed == 0) return absl::OkStatus();
      if (MayBeInPlace(read_.books.projects[of.project])) counted_.insert(of.asset);
      sums_.push_back(of);
      return absl::OkStatus();
    };
    if (places_.ItemsOf(v1::Action::kProposeProject) == nullptr) return EachProjectSums(view_, as_of_, take);
    std::vector<std::string> ids;
    for (const CoverageProject& project : read_.books.projects) ids.push_back(project.id);
    return EachSumsOf(view_, ids, as_of_, take);
  }

  // Whether money of the project may stand in the place that is asked for.
  bool MayBeInPlace(const CoverageProject& project) const {
    if (!places_.has_place() || request_.by_recipient()) return true;
    return std::any_of(project.places.begin(), project.places.end(),
                       [this](const CoverageShare& share) { return places_.IsIn(share.item); });
  }

  // The assets of money that is in projects or was paid for needs, wherever it is; or else those of general money.
  std::set<std::string> InAll() const {
    std::set<std::string> assets, general;
    for (const ProjectSums& sums : together_) {
      const bool some = sums.totals.beyond || !sums.totals.placed().is_zero();
      if (sums.project.empty()) general.insert(sums.asset);
      if (!sums.project.empty() && some) assets.insert(sums.asset);
    }
    for (const auto& [asset, paid] : paid_in_) assets.insert(asset);
    return assets.empty() ? general : assets;
  }

  Status ChooseAsset() {
    const std::vector<std::string> codes = assets_.Texts();
    std::set<std::string> counted;
    for (const int number : counted_) counted.insert(codes[number]);
    const std::set<std::string> may_be = counted.empty() ? InAll() : counted;
    if (!request_.asset().empty()) {
      FT_ASSIGN_OR_RETURN(const auto asset, FindAsset(view_, request_.asset()));
      answer_.set_asset(asset.code());
    } else if (may_be.size() > 1) {
      return absl::InvalidArgumentError(
          absl::StrCat("asset: ", counted.empty() ? "the ledger counts " : "needs and projects count ",
                       absl::StrJoin(may_be, ", "), ": name one (--asset)"));
    } else if (!may_be.empty()) {
      answer_.set_asset(*may_be.begin());
    }
    if (!answer_.asset().empty()) {
      FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(view_, answer_.asset()));
      answer_.set_decimals(asset.decimals());
    }
    asset_ = assets_.Find(answer_.asset());
    for (const std::string& code : counted) {
      if (code == answer_.asset()) continue;
      answer_.add_other_assets(code);
      FT_RETURN_IF_ERROR(view_.Grow(code.size()));
    }
    return absl::OkStatus();
  }

  // --- in the asset that is counted -----------------------------------------------------------------------

  Status CountNeeds() {
    read_.books.needs.reserve(needs_.size());
    std::uint64_t without_amount = 0;
    for (Need& need : needs_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      CoverageNeed& counted = need.need;
      if (need.asset == kNoItem || need.asset != asset_) counted.amount = counted.promised = 0;
      if (counted.counts && counted.amount == 0 && InScope(counted)) ++without_amount;
      FT_RETURN_IF_ERROR(AddDirect(need.paid, &counted));
      if (counted.counts || counted.direct.placed > 0) read_.books.needs.push_back(std::move(counted));
    }
    needs_.clear();
    answer_.set_without_amount(without_amount);
    answer_.set_not_verified(not_verified_);
    const auto asked = not_verified_asked_.find(asset_);
    if (asset_ != kNoItem && asked != not_verified_asked_.end())
      answer_.set_not_verified_asked(asked->second);
    return absl::OkStatus();
  }

  Status AddDirect(const std::vector<NeedPaid>& paid, CoverageNeed* need) {
    DirectMoney direct;
    for (const NeedPaid& part : paid) {
      if (part.asset != answer_.asset()) continue;
      AddPaid(part.money, &direct);
      if (by_fund() && part.money.paid > 0)
        need->funds.push_back({funds_.Of(part.fund), MoneyOf(part.money)});
    }
    if (direct.beyond) return MoneyOverflows();
    need->direct = MoneyOf(direct);
    return absl::OkStatus();
  }
  // Whoever was paid for a need is a recipient whose role somebody stated.
  static CoverageMoney MoneyOf(const DirectMoney& direct) {
    return {direct.paid, direct.paid, direct.committed};
  }

  // The sums over the whole ledger, and what of them was not read.
  Status CountTogether() {
    std::int64_t brought_in = 0, unrecorded = 0, committed = 0, with_sources = 0, general = 0, placed = 0;
    Wide exchanged = 0;
    if (beyond_.count(asset_) > 0) return MoneyOverflows();
    for (const ProjectSums& sums : together_) {
      if (sums.asset != answer_.asset()) continue;
      const model::ProjectTotals& totals = sums.totals;
      if (totals.beyond) return MoneyOverflows();
      const bool fits = AddTo(&brought_in, totals.minted.value()) &&
                        AddTo(&unrecorded, totals.unrecorded.value()) &&
                        AddTo(&committed, totals.committed_minted.value()) &&
                        AddTo(&with_sources, totals.with_sources.value());
      if (!fits) return MoneyOverflows();
      // What went from one to another of them is in two, and comes to nothing.
      exchanged += Wide(totals.moved_in.value()) - totals.sent_back.value() - totals.taken_out.value();
      (sums.project.empty() ? general : placed) = totals.placed().value();
    }
    if (exchanged > kMaxInt64 || exchanged < -kMaxInt64) return MoneyOverflows();
    Wide paid = 0, elsewhere = placed;
    if (const auto found = paid_in_.find(answer_.asset()); found != paid_in_.end()) paid = found->second;
    if (paid > kMaxInt64) return MoneyOverflows();
    elsewhere += paid;
    for (const CoverageNeed& need : read_.books.needs) elsewhere -= need.direct.placed;
    for (const Sums& sums : sums_)
      if (sums.asset == asset_) elsewhere -= sums.money.placed;
    const bool read_all = places_.ItemsOf(v1::Action::kProposeProject) == nullptr;
    if (elsewhere < 0 || (read_all && elsewhere > 0))
      return model::Damaged("the sums of all projects are not those of each");
    // What was paid for needs lies with recipients, who pay nobody, until they send it back.
    if (paid > general) return model::Damaged("more was paid for needs than general money is");
    if (elsewhere > kMaxInt64) return MoneyOverflows();
    answer_.set_brought_in(brought_in);
    answer_.set_unrecorded(unrecorded);
    answer_.set_committed(committed);
    answer_.set_with_sources(with_sources);
    answer_.set_exchanged(static_cast<std::int64_t>(exchanged));
    answer_.set_general(general - static_cast<std::int64_t>(paid));
    read_.elsewhere = static_cast<std::int64_t>(elsewhere);
    return absl::OkStatus();
  }

  Status CountProjects() {
    for (const Sums& sums : sums_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (sums.asset != asset_) continue;
      CoverageProject& project = read_.books.projects[sums.project];
      project.money = sums.money;
      if (by_fund() || request_.by_recipient()) FT_RETURN_IF_ERROR(ReadAccounts(&project));
    }
    return absl::OkStatus();
  }

  // By the number of the fund.
  using ByFund = std::map<int, CoverageMoney>;

  Status ReadAccounts(CoverageProject* project) {
    // By seat, and all in one without seats.
    std::map<std::string, ByFund> seats;
    // No sum is above that of the project.
    const auto take = [&](const HeldInProject& held) {
      const bool seated = request_.by_recipient() && held.role == v1::ROLE_RECIPIENT;
      if (seated && joins_.StandingFor(held.party) != held.party) joined_.insert(held.party);
      CoverageMoney& there = seats[seated ? held.seat : ""][by_fund() ? funds_.Of(held.fund) : kNoItem];
      there.placed += held.amount;
      if (held.reached) there.reached += held.amount;
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(accounts_.Each(project->id, answer_.asset(), project->money.placed, take));
    if (!request_.by_recipient()) {
      for (const auto& [fund, money] : seats[""]) project->funds.push_back({fund, money});
      return absl::OkStatus();
    }
    std::vector<std::int64_t> weights;
    weights.reserve(seats.size());
    for (const auto& [seat, parts] : seats) weights.push_back(Together(parts).placed);
    const std::vector<std::int64_t> committed = Apportion(project->money.committed, weights);
    auto& at = project->seats.emplace();
    for (const auto& [seat, parts] : seats) {
      CoverageSeat there;
      FT_ASSIGN_OR_RETURN(there.place, places_.PlaceOf(seat));
      there.money = Together(parts);
      there.money.committed = committed[at.size()];
      if (by_fund())
        for (const auto& [fund, money] : parts) there.funds.push_back({fund, money});
      at.push_back(std::move(there));
    }
    return absl::OkStatus();
  }

  static CoverageMoney Together(const ByFund& parts) {
    CoverageMoney sum;
    for (const auto& [fund, money] : parts) {
      sum.placed += money.placed;
      sum.reached += money.reached;
    }
    return sum;
  }

  Status NameFunds() {
    FT_ASSIGN_OR_RETURN(const std::vector<int> order,
                        NameItems(view_, as_of_, v1::Action::kOpenFund, funds_, &read_.books.funds));
    const auto put = [&](std::vector<CoverageFund>* funds) {
      for (CoverageFund& fund : *funds) fund.fund = order[fund.fund];
      std::sort(funds->begin(), funds->end(),
                [](const CoverageFund& one, const CoverageFund& other) { return one.fund < other.fund; });
    };
    for (CoverageNeed& need : read_.books.needs) put(&need.funds);
    for (CoverageProject& project : read_.books.projects) {
      put(&project.funds);
      if (!project.seats.has_value()) continue;
      for (CoverageSeat& seat : *project.seats) put(&seat.funds);
    }
    return absl::OkStatus();
  }

  const View& view_;
  const v1::CoverageRequest& request_;
  const AsOfRecord as_of_;
  v1::CoverageAnswer& answer_;
  CoveragePlaces places_;
  const Joins joins_;
  std::set<std::string> joined_;  // the parties that were met, and stand under another one
  CoverageProjects projects_;
  ProjectAccounts accounts_;
  CoverageRead read_;
  Numbers assets_, funds_, authors_;
  int asset_ = kNoItem;  // that is counted, when anything counts it
  std::set<int> counted_;
  std::map<std::string, std::vector<NeedPaid>> paid_for_;  // of needs that are not read yet
  std::map<std::string, std::int64_t> promised_to_;        // of each need
  std::map<std::string, Wide> paid_in_;                    // of each asset, for all needs
  std::vector<Need> needs_;
  std::uint64_t not_verified_ = 0;
  std::map<int, std::int64_t> not_verified_asked_;  // by asset
  std::vector<Sums> sums_;                          // of projects that were read
  std::set<int> beyond_;                            // assets of which a project has more than can be added up
  std::vector<ProjectSums> together_;               // of general money, and of all projects together
};

}  // namespace

StatusOr<CoverageRead> ReadCoverage(const View& view, const v1::CoverageRequest& request, AsOfRecord as_of,
                                    v1::CoverageAnswer* answer) {
  FT_ASSIGN_OR_RETURN(CoveragePlaces places, CoveragePlaces::Read(view, request, answer->on(), as_of));
  FT_ASSIGN_OR_RETURN(Joins joins, Joins::Read(view, request.joined(), as_of));
  return CoverageReader(view, request, as_of, std::move(places), std::move(joins), answer).Read();
}

}  // namespace fundtrail::query

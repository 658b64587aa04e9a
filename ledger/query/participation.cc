// See participation.h.
#include "ledger/query/participation.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/model/unrecorded.h"
#include "ledger/query/apportion.h"
#include "ledger/query/item_names.h"
#include "ledger/query/joins.h"
#include "ledger/query/median.h"
#include "ledger/query/movements.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

constexpr std::size_t kYearDigits = 4;

// What one source brought in.
struct Brought {
  std::int64_t amount = 0;
  std::set<std::string> years;
  v1::RegisterParty::Kind kind = v1::RegisterParty::KIND_UNSPECIFIED;
  std::string name;
};

struct Figures {
  std::map<std::string, Brought> sources;  // by id
  std::int64_t unrecorded = 0, held = 0, ended = 0, reached = 0, with_sources = 0;
  std::set<std::string> places;
};

// The pledges in one asset.
struct Pledged {
  std::uint64_t pledges = 0;
  std::vector<std::int32_t> days;  // to the first payment, of each that was paid something
};

// The calls that were published, and the days to the first pledge that names each.
struct Called {
  std::map<std::string, RecordIndex> published;       // by id: the record that opened it
  std::map<std::string, RecordIndex> first_answered;  // likewise: the record of the first pledge
};

class ParticipationReader {
 public:
  ParticipationReader(const View& view, const v1::ParticipationRequest& request, AsOfRecord as_of,
                      Joins joins)
      : view_(view), then_(Then(view, as_of)), request_(request), as_of_(as_of), joins_(std::move(joins)) {}

  Status Read() {
    const Bytes all = keys::AllOf(keys::kAccountNameTag);
    const auto cursor = view_.rows->Scan(all, store::PrefixEnd(all));
    for (std::uint64_t number = 0; cursor->Valid(); cursor->Next(), ++number) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto name,
                          model::DecodeMessage<v1::AccountName>(cursor->key(), cursor->value()));
      // Accounts are numbered from 0 without a gap.
      const model::AccountNumber account(number);
      if (Bytes(cursor->key()) != keys::AccountName(account))
        return model::Damaged(keys::AccountName(account), "is missing");
      FT_RETURN_IF_ERROR(Take(account, name));
    }
    FT_RETURN_IF_ERROR(cursor->status());
    if (!IsOfAll()) return absl::OkStatus();
    FT_RETURN_IF_ERROR(EachItem(view_, v1::Action::kAnnounce, as_of_,
                                [this](const v1::RegisterRow& row) { return TakeCall(row); }));
    return EachItem(view_, v1::Action::kPledge, as_of_,
                    [this](const v1::RegisterRow& row) { return TakePledge(row); });
  }

  Status AddTo(v1::ParticipationAnswer* answer) {
    for (const auto& [asset, figures] : figures_) {
      FT_ASSIGN_OR_RETURN(const auto said, NeedAsset(view_, asset));
      v1::AssetParticipation* line = answer->add_assets();
      line->set_asset(asset);
      line->set_decimals(said.decimals());
      line->set_unrecorded(figures.unrecorded);
      line->set_held(figures.held);
      line->set_ended(figures.ended);
      line->set_reached(figures.reached);
      line->set_with_sources(figures.with_sources);
      line->set_places(figures.places.size());
      FT_RETURN_IF_ERROR(AddSources(asset, figures, line));
      if (IsOfAll()) AddPledges(pledged_[asset], line);
      FT_RETURN_IF_ERROR(view_.Grow(line->ByteSizeLong()));
    }
    std::set<std::string> joined;
    for (const std::string& standing : met_) {
      const auto& under = joins_.standing().at(standing);
      joined.insert(under.begin(), under.end());
    }
    FT_RETURN_IF_ERROR(joins_.Say(view_, as_of_, joined, answer));
    return IsOfAll() ? AddCalls(answer) : absl::OkStatus();
  }

 private:
  Status TooMuchOf(const std::string& asset) const {
    return absl::DataLossError(
        absl::StrCat("the amounts of ", Escaped(asset), " are more than 63 bits can count"));
  }

  bool IsOfAll() const {
    return request_.fund().empty() && request_.programme().empty() && request_.project().empty();
  }

  bool IsAskedFund(const std::string& fund) const {
    return request_.fund().empty() || request_.fund() == fund;
  }

  StatusOr<bool> IsAskedProject(const std::string& project) {
    if (!request_.project().empty()) return project == request_.project();
    if (request_.programme().empty()) return true;
    if (project.empty()) return false;
    FT_ASSIGN_OR_RETURN(const auto* row, ProjectOf(project));
    return row->programme() == request_.programme();
  }

  // In the version of then.
  StatusOr<const v1::ProposeProject*> ProjectOf(const std::string& id) {
    const auto [known, is_new] = projects_.try_emplace(id);
    if (is_new) {
      FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kProposeProject, id, as_of_));
      // Of an account that was opened later nothing is counted.
      if (!row.has_value() && !as_of_.has_value())
        return model::Damaged(keys::Item(v1::Action::kProposeProject, id), "is missing");
      if (row.has_value()) known->second = row->action().propose_project();
    }
    return &known->second;
  }

  StatusOr<const v1::RegisterParty*> PartyOf(const std::string& id) {
    const auto [known, is_new] = parties_.try_emplace(id);
    if (is_new) {
      FT_ASSIGN_OR_RETURN(known->second, NeedParty(then_, id));
    }
    return &known->second;
  }

  Status Take(model::AccountNumber account, const v1::AccountName& name) {
    FT_ASSIGN_OR_RETURN(const auto* party, PartyOf(name.party()));
    const bool source = party->role() == v1::ROLE_SOURCE;
    if (source) FT_RETURN_IF_ERROR(TakeBrought(account, name));
    FT_ASSIGN_OR_RETURN(const bool in_project, IsAskedProject(name.project()));
    if (!in_project || !IsAskedFund(name.fund())) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const Amount held, HeldBy(view_, account, as_of_));
    if (held.is_zero()) return absl::OkStatus();
    Figures& figures = figures_[name.asset()];
    std::int64_t* sum = &figures.held;
    if (source) sum = &figures.with_sources;
    if (party->role() == v1::ROLE_RECIPIENT) sum = party->role_inferred() ? &figures.ended : &figures.reached;
    if (!fundtrail::AddTo(sum, held.value())) return TooMuchOf(name.asset());
    if (sum != &figures.reached || name.project().empty()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto* project, ProjectOf(name.project()));
    for (const v1::PlaceShare& share : project->places()) figures.places.insert(share.place());
    return absl::OkStatus();
  }

  // What a source's account brought in, and where it first arrived. Money of no recorded origin stays that, whoever is joined.
  Status TakeBrought(model::AccountNumber account, const v1::AccountName& name) {
    if (!IsAskedFund(name.fund())) return absl::OkStatus();
    const std::string& standing = joins_.StandingFor(name.party());
    const bool unrecorded = model::IsUnrecordedOrigin(name.party()) || model::IsUnrecordedOrigin(standing);
    FT_ASSIGN_OR_RETURN(const auto* party, PartyOf(standing));
    const auto take = [&](const Movement& movement) -> StatusOr<bool> {
      if (!movement.mints) return true;
      FT_ASSIGN_OR_RETURN(const auto transfer, NeedTransfer(view_, movement.ref));
      FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, transfer.to));
      FT_ASSIGN_OR_RETURN(const bool asked, IsAskedProject(to.project()));
      if (!asked) return true;
      Figures& figures = figures_[name.asset()];
      std::int64_t* sum = &figures.unrecorded;
      if (standing != name.party()) met_.insert(standing);
      if (!unrecorded) {
        Brought& brought = figures.sources[standing];
        brought.kind = party->kind();
        brought.name = party->name();
        brought.years.insert(fundtrail::ToString(movement.row.date).substr(0, kYearDigits));
        sum = &brought.amount;
      }
      if (!fundtrail::AddTo(sum, movement.row.amount.value())) return TooMuchOf(name.asset());
      return true;
    };
    return EachMovement(then_, account, {{}, as_of_}, take).status();
  }

  Status TakePledge(const v1::RegisterRow& row) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    const v1::Pledge& said = row.action().pledge();
    if (!said.call().empty()) {
      // Which call it answers is fixed.
      const auto [first, is_new] = called_.first_answered.try_emplace(said.call(), row.opened());
      if (!is_new) first->second = std::min(first->second, RecordIndex(row.opened()));
    }
    if (said.amount() == 0) return absl::OkStatus();  // of goods or time
    Pledged& pledged = pledged_[said.asset()];
    ++pledged.pledges;
    const Bytes prefix = keys::SupplySumsOf(model::Supply::kPledge, said.id());
    const auto sums = view_.rows->Scan(prefix, store::PrefixEnd(prefix));
    for (; sums->Valid(); sums->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto at, keys::ReadSupplySums(sums->key()));
      if (as_of_.has_value() && at.record.value() > *as_of_) break;
      FT_ASSIGN_OR_RETURN(const auto sum, model::DecodeMessage<v1::SupplyRow>(sums->key(), sums->value()));
      if (sum.paid() <= 0) continue;
      FT_ASSIGN_OR_RETURN(const Date made, DayOf(view_, RecordIndex(row.opened())));
      FT_ASSIGN_OR_RETURN(const Date paid, DayOf(view_, at.record));
      FT_RETURN_IF_ERROR(view_.Grow(sizeof(std::int32_t)));
      pledged.days.push_back(paid.days() - made.days());
      break;
    }
    return sums->status();
  }

  Status TakeCall(const v1::RegisterRow& row) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    const v1::Announce& said = row.action().announce();
    if (said.kind() != v1::Announce::KIND_CALL) return absl::OkStatus();
    FT_RETURN_IF_ERROR(view_.Grow(said.id().size() + sizeof(RecordIndex)));
    called_.published.emplace(said.id(), RecordIndex(row.opened()));
    return absl::OkStatus();
  }

  Status AddCalls(v1::ParticipationAnswer* answer) const {
    std::vector<std::int32_t> days;
    for (const auto& [call, answered] : called_.first_answered) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const auto published = called_.published.find(call);
      if (published == called_.published.end())
        return model::Damaged(keys::Item(v1::Action::kAnnounce, call), "is no call, and a pledge answers it");
      FT_ASSIGN_OR_RETURN(const Date from, DayOf(view_, published->second));
      FT_ASSIGN_OR_RETURN(const Date to, DayOf(view_, answered));
      days.push_back(to.days() - from.days());
    }
    answer->set_calls(called_.published.size());
    answer->set_calls_answered(days.size());
    const auto median = LowerMedian(std::move(days));
    if (median.has_value()) answer->set_call_median_days(static_cast<std::uint32_t>(*median));
    return absl::OkStatus();
  }

  static void AddPledges(const Pledged& pledged, v1::AssetParticipation* line) {
    line->set_pledges(pledged.pledges);
    line->set_pledges_paid(pledged.days.size());
    const auto days = LowerMedian(pledged.days);
    if (days.has_value()) line->set_pledge_median_days(static_cast<std::uint32_t>(*days));
  }

  Status AddSources(const std::string& asset, const Figures& figures, v1::AssetParticipation* line) const {
    std::map<int, v1::KindOfSource> by_kind;
    std::int64_t all = 0;
    std::uint64_t lasting = 0;
    for (const auto& [id, brought] : figures.sources) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      v1::KindOfSource& kind = by_kind[brought.kind];
      kind.set_kind(brought.kind);
      kind.set_sources(kind.sources() + 1);
      if (!fundtrail::AddTo(&all, brought.amount)) return TooMuchOf(asset);
      kind.set_brought(kind.brought() + brought.amount);  // no more than all of them
      if (brought.years.size() > 1) ++lasting;
      if (brought.amount > line->largest_brought()) {
        line->set_largest(id);
        line->set_largest_name(brought.name);
        line->set_largest_brought(brought.amount);
      }
    }
    line->set_sources(figures.sources.size());
    line->set_lasting(lasting);
    line->set_brought(all);
    std::vector<v1::KindOfSource> kinds;
    kinds.reserve(by_kind.size());
    for (auto& [number, kind] : by_kind) kinds.push_back(std::move(kind));
    std::stable_sort(kinds.begin(), kinds.end(),
                     [](const v1::KindOfSource& one, const v1::KindOfSource& other) {
                       return one.brought() > other.brought();
                     });
    std::vector<std::int64_t> weights;
    weights.reserve(kinds.size());
    for (const v1::KindOfSource& kind : kinds) weights.push_back(kind.brought());
    const auto shares = Apportion(kWhole, weights);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      kinds[i].set_share(static_cast<std::uint32_t>(shares[i]));
      *line->add_kinds() = std::move(kinds[i]);
    }
    return absl::OkStatus();
  }

  const View& view_;
  const View then_;
  const v1::ParticipationRequest& request_;
  const AsOfRecord as_of_;
  const Joins joins_;
  std::set<std::string> met_;               // who stands for others that brought something in
  std::map<std::string, Figures> figures_;  // by asset
  std::map<std::string, Pledged> pledged_;  // likewise
  Called called_;
  std::map<std::string, v1::ProposeProject> projects_;
  std::map<std::string, v1::RegisterParty> parties_;
};

Status CheckThere(const View& view, v1::Action::ActionCase action, const std::string& id, const char* what,
                  AsOfRecord as_of) {
  if (id.empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view, action, id, as_of));
  if (row.has_value()) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("this ledger has no ", what, " \"", Escaped(id), "\"",
                                          as_of.has_value() ? " at that record" : ""));
}

}  // namespace

StatusOr<v1::ParticipationAnswer> Participation(const View& view, const v1::ParticipationRequest& request) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  if (!request.programme().empty() && !request.project().empty())
    return absl::InvalidArgumentError("project: name a programme or a project, and not both");
  FT_RETURN_IF_ERROR(CheckThere(view, v1::Action::kOpenFund, request.fund(), "fund", as_of));
  FT_RETURN_IF_ERROR(CheckThere(view, v1::Action::kOpenProgramme, request.programme(), "programme", as_of));
  FT_RETURN_IF_ERROR(CheckThere(view, v1::Action::kProposeProject, request.project(), "project", as_of));
  v1::ParticipationAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  answer.set_fund(request.fund());
  answer.set_programme(request.programme());
  answer.set_project(request.project());
  ItemNames names;
  const View then = Then(view, as_of);
  for (const auto& [of, id] : {std::pair(v1::Action::kOpenFund, &request.fund()),
                               std::pair(v1::Action::kOpenProgramme, &request.programme()),
                               std::pair(v1::Action::kProposeProject, &request.project())})
    FT_RETURN_IF_ERROR(names.Add(then, of, *id, answer.mutable_names()).status());
  FT_ASSIGN_OR_RETURN(Joins joins, Joins::Read(view, request.joined(), as_of));
  ParticipationReader reader(view, request, as_of, std::move(joins));
  FT_RETURN_IF_ERROR(reader.Read());
  FT_RETURN_IF_ERROR(reader.AddTo(&answer));
  return answer;
}

}  // namespace fundtrail::query

// ANNOUNCED_DIFFERS. A notice that says a total or a number of rows, of kind
//
//   ALLOCATION            about payments into its projects, but for those from the project itself, and payments for its needs
//   RECIPIENTS, RESULT    about what another party paid to a RECIPIENT in its projects, and for its needs
//
// where neither is what these come to: neither all with a value date until its first day, nor those since the first day of the notice
// before it, of the same owner and kind about the same. A CORRECTION counts in place of the notice that it corrects. A notice
// that begins after D says nothing yet. What was sent back whole, and what is only committed, does not count.
//
//   TOTAL_DIFFERS   amount  by how much it differs from the closer of the two    compared  the total that it says
//   ROWS_DIFFER     number  how many payments there are, by the closer of the two    expected  the rows that it says
//
//   A total may differ by `part` of 10,000.    item  the notice    count  the payments    LOOK
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/books/state.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

struct AnnouncedNotice {
  std::string id, owner;
  v1::Announce::Kind kind = v1::Announce::KIND_UNSPECIFIED;  // of a correction that of what it corrects
  std::set<std::string> projects, needs;
  std::string asset;
  std::int64_t total = 0, rows = 0;
  Date from;
  std::uint64_t record = 0;
  std::string corrects;
};

struct ToldPayment {
  Date date;
  TransferRef ref;
  std::int64_t amount = 0;
  std::uint32_t asset = 0;    // a number of the walk
  bool puts_in = false;       // for ALLOCATION
  bool to_recipient = false;  // for RECIPIENTS and RESULT
};

struct ToldSums {
  Wide sum = 0;
  std::vector<TransferRef> refs;
};

class AnnouncedDiffersRule : public FindingWork {
 public:
  explicit AnnouncedDiffersRule(const FindingInput& input)
      : view_(input.view), as_of_(input.as_of), on_(input.on), part_(input.Value("part")) {}

  Status Take(const SummedTransfer& transfer) override {
    FT_RETURN_IF_ERROR(ReadNotices());
    const SummedAccount &from = transfer.from, &to = transfer.to;
    if (notices_.empty() || transfer.row.sends_back() || transfer.row.committed()) return absl::OkStatus();
    const bool to_recipient =
        to.party->role == v1::RECIPIENT && from.party != to.party && IsHandedOn(transfer.row);
    ToldPayment payment{transfer.row.date, transfer.ref, transfer.row.to_amount.value(),
                        to.asset,          true,         to_recipient};
    std::vector<ToldPayment>* into = nullptr;
    if (to.project != 0) {
      payment.puts_in = from.project != to.project;
      if (!payment.puts_in && !payment.to_recipient) return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(into, OfProject(to.project, transfer.row.to));
    } else if (!of_needs_.empty()) {
      FT_ASSIGN_OR_RETURN(const auto need, books::GetNeedOfTransfer(*view_.rows, transfer.ref));
      const auto found = need.has_value() ? of_needs_.find(*need) : of_needs_.end();
      if (found != of_needs_.end()) into = &found->second;
    }
    if (into == nullptr) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const bool back, WasSentBack(view_, transfer.row, as_of_));
    if (back) return absl::OkStatus();
    if (!assets_.contains(to.asset)) {
      FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, transfer.row.to));
      assets_.emplace(to.asset, name.asset());
    }
    into->push_back(payment);
    return kept_.Add(sizeof(ToldPayment));
  }

  Status Finish(FindingList* list) override {
    FT_RETURN_IF_ERROR(ReadNotices());
    // The first days of what was told last: notices of one owner and kind about the same.
    struct Series {
      std::optional<Date> newest, before;
    };
    std::map<std::tuple<std::string, v1::Announce::Kind, std::set<std::string>, std::set<std::string>>,
             Series>
        all_series;
    for (const AnnouncedNotice& notice : notices_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto payments, PaymentsOf(notice));
      Series& series = all_series[{notice.owner, notice.kind, notice.projects, notice.needs}];
      if (series.newest != notice.from) {
        series.before = series.newest;
        series.newest = notice.from;
      }
      FT_ASSIGN_OR_RETURN(const ToldSums all, Sum(payments, std::nullopt));
      FT_ASSIGN_OR_RETURN(const ToldSums since, Sum(payments, series.before));
      if (notice.total > 0) FT_RETURN_IF_ERROR(CompareTotal(notice, all, since, list));
      if (notice.rows > 0) FT_RETURN_IF_ERROR(CompareRows(notice, all, since, list));
    }
    return absl::OkStatus();
  }

 private:
  static Wide Apart(Wide one, Wide other) { return one > other ? one - other : other - one; }

  StatusOr<std::vector<ToldPayment>> PaymentsOf(const AnnouncedNotice& notice) const {
    std::vector<ToldPayment> payments;
    const auto add = [&](const std::vector<ToldPayment>& of) -> Status {
      for (const ToldPayment& payment : of) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        const bool counts = notice.kind == v1::Announce::ALLOCATION ? payment.puts_in : payment.to_recipient;
        const bool asked = notice.asset.empty() || assets_.at(payment.asset) == notice.asset;
        if (counts && asked && payment.date <= notice.from) payments.push_back(payment);
      }
      return absl::OkStatus();
    };
    for (const std::string& id : notice.projects)
      if (const auto found = of_projects_.find(id); found != of_projects_.end())
        FT_RETURN_IF_ERROR(add(found->second));
    for (const std::string& id : notice.needs)
      if (const auto found = of_needs_.find(id); found != of_needs_.end())
        FT_RETURN_IF_ERROR(add(found->second));
    return payments;
  }

  // Of those after a day; of all where none is said.
  StatusOr<ToldSums> Sum(const std::vector<ToldPayment>& payments, std::optional<Date> after) const {
    ToldSums sums;
    for (const ToldPayment& payment : payments) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (after.has_value() && payment.date <= *after) continue;
      sums.sum += payment.amount;
      sums.refs.push_back(payment.ref);
    }
    return sums;
  }

  Status CompareTotal(const AnnouncedNotice& notice, const ToldSums& all, const ToldSums& since,
                      FindingList* list) const {
    const Wide by_all = Apart(all.sum, notice.total), by_since = Apart(since.sum, notice.total);
    const ToldSums& closer = by_since < by_all ? since : all;
    const Wide apart = std::min(by_all, by_since);
    if (apart * kWhole <= Wide{notice.total} * part_) return absl::OkStatus();
    v1::Finding finding;
    finding.set_kind(v1::Finding::TOTAL_DIFFERS);
    finding.set_amount(Capped(apart));
    finding.set_compared(notice.total);
    return Add(notice, closer, std::move(finding), list);
  }

  Status CompareRows(const AnnouncedNotice& notice, const ToldSums& all, const ToldSums& since,
                     FindingList* list) const {
    const Wide said = notice.rows, of_all = all.refs.size(), of_since = since.refs.size();
    if (said == of_all || said == of_since) return absl::OkStatus();
    const ToldSums& closer = Apart(of_since, said) < Apart(of_all, said) ? since : all;
    v1::Finding finding;
    finding.set_kind(v1::Finding::ROWS_DIFFER);
    finding.set_number(static_cast<std::int64_t>(closer.refs.size()));
    finding.set_expected(notice.rows);
    return Add(notice, closer, std::move(finding), list);
  }

  static Status Add(const AnnouncedNotice& notice, const ToldSums& sums, v1::Finding finding,
                    FindingList* list) {
    finding.set_grade(v1::Finding::LOOK);
    finding.add_parties(notice.owner);
    if (notice.projects.size() == 1 && notice.needs.empty()) finding.set_project(*notice.projects.begin());
    finding.set_asset(notice.asset);
    finding.set_item(notice.id);
    SeeDay(notice.from, &finding);
    SetEvidence(sums.refs, &finding);
    finding.set_count(finding.evidence_count());
    SetRecords({notice.record}, &finding);
    return list->Add(v1::ANNOUNCED_DIFFERS, std::move(finding));
  }

  // Null where no notice names it.
  StatusOr<std::vector<ToldPayment>*> OfProject(std::uint32_t number, model::AccountNumber account) {
    auto found = projects_.find(number);
    if (found == projects_.end()) {
      FT_ASSIGN_OR_RETURN(const std::string id, NeedProjectOf(view_, account));
      const auto named = of_projects_.find(id);
      found = projects_.emplace(number, named == of_projects_.end() ? nullptr : &named->second).first;
    }
    return found->second;
  }

  // Once: those with figures, by their first day, and what they are about.
  Status ReadNotices() {
    if (read_) return absl::OkStatus();
    read_ = true;
    std::map<std::string, AnnouncedNotice> by_id;
    const auto see = [&](const v1::RegisterRow& row) -> Status {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const v1::Announce& said = row.action().announce();
      const auto from = ParseDate(said.from());
      if (!from.ok())
        return model::Damaged(keys::Item(v1::Action::kAnnounce, said.id()), "has a day that is none");
      if (row.has_ended() || *from > on_) return absl::OkStatus();
      AnnouncedNotice notice{said.id(), said.owner(), said.kind(),    {},
                             {},        said.asset(), said.total(),   said.rows(),
                             *from,     row.record(), said.corrects()};
      notice.projects.insert(said.projects().begin(), said.projects().end());
      notice.needs.insert(said.needs().begin(), said.needs().end());
      FT_RETURN_IF_ERROR(kept_.Add(sizeof(AnnouncedNotice) + said.ByteSizeLong()));
      by_id.emplace(said.id(), std::move(notice));
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(EachItem(view_, v1::Action::kAnnounce, as_of_, see));
    std::set<std::string> corrected;
    for (auto& [id, notice] : by_id) {
      if (notice.kind != v1::Announce::CORRECTION) continue;
      // What is corrected is older, so that there is an end of them.
      const AnnouncedNotice* of = &notice;
      while (of != nullptr && of->kind == v1::Announce::CORRECTION) {
        corrected.insert(of->corrects);
        const auto found = by_id.find(of->corrects);
        of = found == by_id.end() || found->second.record >= of->record ? nullptr : &found->second;
      }
      if (of == nullptr) continue;
      notice.kind = of->kind;
      if (notice.projects.empty() && notice.needs.empty()) {
        notice.projects = of->projects;
        notice.needs = of->needs;
      }
    }
    for (auto& [id, notice] : by_id) {
      const bool tells = notice.kind == v1::Announce::ALLOCATION || notice.kind == v1::Announce::RECIPIENTS ||
                         notice.kind == v1::Announce::RESULT;
      if (!tells || corrected.contains(id) || (notice.total == 0 && notice.rows == 0) ||
          (notice.projects.empty() && notice.needs.empty()))
        continue;
      for (const std::string& project : notice.projects) of_projects_[project];
      for (const std::string& need : notice.needs) of_needs_[need];
      notices_.push_back(std::move(notice));
    }
    std::stable_sort(
        notices_.begin(), notices_.end(),
        [](const AnnouncedNotice& one, const AnnouncedNotice& other) { return one.from < other.from; });
    return absl::OkStatus();
  }

  const View& view_;
  const AsOfRecord as_of_;
  const Date on_;
  const std::int64_t part_;
  bool read_ = false;
  std::vector<AnnouncedNotice> notices_;                                    // by their first day
  std::map<std::string, std::vector<ToldPayment>> of_projects_, of_needs_;  // those that notices name
  std::map<std::uint32_t, std::vector<ToldPayment>*> projects_;             // by their numbers
  std::map<std::uint32_t, std::string> assets_;                             // by their numbers
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeAnnouncedDiffersRule(const FindingInput& input) {
  return std::make_unique<AnnouncedDiffersRule>(input);
}

}  // namespace fundtrail::query

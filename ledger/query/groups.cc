// See groups.h.
#include "ledger/query/groups.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/books/groups.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/register_line.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

class GroupReader {
 public:
  GroupReader(const View& view, AsOfRecord as_of, v1::GroupAnswer* answer)
      : view_(view), then_(Then(view, as_of)), as_of_(as_of), answer_(*answer) {}

  Status Read(const std::string& group) {
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kFormGroup, group, as_of_));
    if (!row.has_value()) return absl::NotFoundError(absl::StrCat("there is no group ", group));
    const v1::FormGroup& said = row->action().form_group();
    FT_ASSIGN_OR_RETURN(*answer_.mutable_group(), DescribeItem(view_, *row));
    FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then_, group));
    answer_.set_name(party.name());
    FT_ASSIGN_OR_RETURN(const auto body, ItemThen(view_, v1::Action::kRegisterParty, group, as_of_));
    answer_.set_party_ended(body.has_value() && body->has_ended());
    FT_ASSIGN_OR_RETURN(const auto place, ItemThen(view_, v1::Action::kDeclarePlace, said.place(), as_of_));
    if (!place.has_value())
      return model::Damaged(keys::Item(v1::Action::kDeclarePlace, said.place()), "is missing");
    answer_.set_place_name(place->action().declare_place().name());
    FT_RETURN_IF_ERROR(ReadSeats(group));
    FT_RETURN_IF_ERROR(ReadActs(group));
    answer_.set_members(static_cast<std::uint32_t>(members_.size()));
    answer_.set_must_sign(static_cast<std::uint32_t>(books::MustSign(said, members_.size())));
    std::set<int> named;
    for (const int kind : said.required_kinds()) {
      if (kinds_.count(kind) == 0 && named.insert(kind).second)
        answer_.add_vacancies(static_cast<v1::GiveSeat::Kind>(kind));
    }
    answer_.set_can_act(!row->has_ended() && !answer_.party_ended() &&
                        IsInPeriod(answer_.on(), said.from(), said.until()) && answer_.vacancies().empty() &&
                        answer_.members() >= answer_.must_sign());
    return absl::OkStatus();
  }

 private:
  Status ReadActs(const std::string& group) {
    const Bytes prefix = keys::GroupActsOf(group);
    const auto cursor = view_.rows->Scan(prefix, store::PrefixEnd(prefix));
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto key, keys::ReadGroupAct(cursor->key()));
      const std::uint64_t record = key.record.value();
      if (as_of_.has_value() && record > *as_of_) break;
      FT_ASSIGN_OR_RETURN(const auto act,
                          model::DecodeMessage<v1::GroupActRow>(cursor->key(), cursor->value()));
      answer_.set_acts(answer_.acts() + 1);
      answer_.set_last_act(record);
      const std::set<std::string> came(act.signers().begin(), act.signers().end());
      const std::set<std::string> recused(act.recused().begin(), act.recused().end());
      for (const std::string& member : std::set<std::string>(act.members().begin(), act.members().end()))
        CountAct(record, member, came.count(member) > 0, recused.count(member) > 0);
    }
    FT_RETURN_IF_ERROR(cursor->status());
    // There are fewer acts than actions of a ledger, so the product fits.
    for (v1::GroupSeat& seat : *answer_.mutable_seats())
      if (seat.acts() > 0)
        seat.set_attendance(static_cast<std::uint32_t>(seat.signed_() * kWhole / seat.acts()));
    return absl::OkStatus();
  }

  // In each seat that the party had then.
  void CountAct(std::uint64_t record, const std::string& party, bool came, bool recused) {
    const auto seats = seats_of_.find(party);
    if (seats == seats_of_.end()) return;
    for (const int number : seats->second) {
      v1::GroupSeat& seat = *answer_.mutable_seats(number);
      if (record < seat.seat().opened()) continue;
      if (recused) {
        seat.set_recused(seat.recused() + 1);
        continue;
      }
      seat.set_acts(seat.acts() + 1);
      if (came) seat.set_signed_(seat.signed_() + 1);
    }
  }

  Status ReadSeats(const std::string& group) {
    const Bytes prefix = keys::FoundBy(v1::Action::kFormGroup, group, v1::Action::kGiveSeat, "");
    const auto cursor = view_.rows->Scan(prefix, store::PrefixEnd(prefix));
    std::vector<std::string> ids;
    for (; cursor->Valid() && ids.size() < books::kMaxSeats; cursor->Next()) {
      FT_ASSIGN_OR_RETURN(const auto id, keys::ReadFoundBy(cursor->key()));
      ids.emplace_back(id);
    }
    FT_RETURN_IF_ERROR(cursor->status());
    for (const std::string& id : ids) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kGiveSeat, id, as_of_));
      if (row.has_value()) FT_RETURN_IF_ERROR(AddSeat(*row));
    }
    return absl::OkStatus();
  }

  StatusOr<v1::GroupSeat::State> StateOf(const v1::RegisterRow& row) {
    const v1::GiveSeat& said = row.action().give_seat();
    // Days sort as their texts do.
    if (row.has_ended() || (!said.until().empty() && said.until() < answer_.on()))
      return v1::GroupSeat::STATE_OVER;
    FT_ASSIGN_OR_RETURN(const auto newest,
                        NewestSaid(view_, v1::Action::kGiveSeat, said.id(), v1::Action::kAcceptSeat, as_of_));
    // An answer to an earlier version is none to this one.
    if (!newest.has_value() || newest->action().accept_seat().version() != row.record())
      return v1::GroupSeat::STATE_OFFERED;
    if (newest->action().accept_seat().reply() != v1::AcceptDuty::REPLY_ACCEPTED)
      return v1::GroupSeat::STATE_DECLINED;
    return said.from() > answer_.on() ? v1::GroupSeat::STATE_NOT_BEGUN : v1::GroupSeat::STATE_ACCEPTED;
  }

  Status AddSeat(const v1::RegisterRow& row) {
    const v1::GiveSeat& said = row.action().give_seat();
    v1::GroupSeat seat;
    FT_ASSIGN_OR_RETURN(*seat.mutable_seat(), DescribeItem(view_, row));
    FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then_, said.party()));
    seat.set_party_name(party.name());
    FT_ASSIGN_OR_RETURN(const auto state, StateOf(row));
    seat.set_state(state);
    if (state == v1::GroupSeat::STATE_ACCEPTED) {
      members_.insert(said.party());
      kinds_.insert(said.kind());
    }
    seats_of_[said.party()].push_back(answer_.seats_size());
    FT_RETURN_IF_ERROR(view_.Grow(seat.ByteSizeLong()));
    *answer_.add_seats() = std::move(seat);
    return absl::OkStatus();
  }

  const View& view_;
  const View then_;
  const AsOfRecord as_of_;
  v1::GroupAnswer& answer_;
  std::map<std::string, std::vector<int>> seats_of_;  // of each party, as numbers in the answer
  std::set<std::string> members_;
  std::set<int> kinds_;
};

}  // namespace

StatusOr<v1::GroupAnswer> Group(const View& view, const v1::GroupRequest& request) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  v1::GroupAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  FT_ASSIGN_OR_RETURN(*answer.mutable_on(), DayAsked(view, request.on(), as_of));
  FT_RETURN_IF_ERROR(GroupReader(view, as_of, &answer).Read(request.group()));
  return answer;
}

}  // namespace fundtrail::query

// See acknowledgements.h.
#include "ledger/query/acknowledgements.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/acknowledgements.h"
#include "ledger/books/state.h"
#include "ledger/model/references.h"
#include "ledger/query/arrival.h"
#include "ledger/query/item_names.h"
#include "ledger/query/movements.h"
#include "ledger/query/records.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

using Line = v1::AcknowledgementLine;

// What a payment's account says of it.
struct Receiver {
  bool asked = false;      // it is a recipient's, and fits the question
  bool sent_back = false;  // something was ever sent back from it
  std::string asset;
  std::uint32_t decimals = 0;
};

// A payment that is asked about.
struct Payment {
  TransferRef ref;
  const Receiver* receiver = nullptr;
  std::int64_t paid = 0, arrived = 0;
  Line::Status status = Line::STATUS_SILENT;
};

// Sums that are too large are said as the most that can be.
void AddSaturated(std::int64_t more, std::int64_t* sum) {
  if (!AddTo(sum, more)) *sum = std::numeric_limits<std::int64_t>::max();
}

class PaymentReader {
 public:
  PaymentReader(const View& view, v1::AcknowledgementsRequest request, std::string on, AsOfRecord as_of)
      : view_(view),
        then_(Then(view, as_of)),
        request_(std::move(request)),
        on_(std::move(on)),
        as_of_(as_of),
        statuses_(request_.statuses().begin(), request_.statuses().end()),
        lines_(then_) {}

  const std::string& on() const { return on_; }
  AsOfRecord as_of() const { return as_of_; }
  bool Shows(const Payment& payment) const {
    return statuses_.empty() || statuses_.count(payment.status) > 0;
  }

  // Those behind `after`, in the order of the log, until `take` answers false: then it answers so itself.
  StatusOr<bool> Each(std::optional<TransferRef> after,
                      const std::function<StatusOr<bool>(const Payment&)>& take) {
    if (!request_.party().empty()) return EachOfParty(after, take);
    const Bytes prefix = keys::AllOf(keys::kTransferTag);
    Bytes begin = prefix;
    if (after.has_value()) begin = keys::Transfer(*after);
    const Bytes end =
        as_of_.has_value() ? keys::TransfersOf(RecordIndex(*as_of_ + 1)) : store::PrefixEnd(prefix);
    const auto rows = view_.rows->Scan(begin, end);
    for (; rows->Valid(); rows->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const TransferRef ref, keys::ReadTransfer(rows->key()));
      if (after.has_value() && ref <= *after) continue;
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodeTransferRow(rows->key(), rows->value()));
      FT_ASSIGN_OR_RETURN(const bool more, TakeOne(ref, row, take));
      if (!more) return false;
    }
    FT_RETURN_IF_ERROR(rows->status());
    return true;
  }

  StatusOr<Line> Describe(const Payment& payment) {
    Line line;
    FT_ASSIGN_OR_RETURN(*line.mutable_transfer(), lines_.Get(payment.ref));
    line.set_status(payment.status);
    line.set_asset(payment.receiver->asset);
    line.set_decimals(payment.receiver->decimals);
    line.set_paid(payment.paid);
    line.set_arrived(payment.arrived);
    if (payment.status == Line::STATUS_SILENT) {
      FT_ASSIGN_OR_RETURN(const Date on, ParseDate(on_));
      const Date recorded = DateOf(Timestamp(line.transfer().recorded_micros()));
      line.set_silent_days(static_cast<std::uint32_t>(std::max(0, on.days() - recorded.days())));
    }
    return line;
  }

 private:
  // A recipient's statements, which are not in one order with one another.
  StatusOr<bool> EachOfParty(std::optional<TransferRef> after,
                             const std::function<StatusOr<bool>(const Payment&)>& take) {
    FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view_, request_.party(), request_.fund()));
    std::set<TransferRef> refs;
    MovementRange range;
    range.as_of = as_of_;
    for (const auto account : accounts) {
      FT_RETURN_IF_ERROR(EachMovement(view_, account, range, [&](const Movement& movement) -> StatusOr<bool> {
                           if (movement.incoming && (!after.has_value() || movement.ref > *after))
                             refs.insert(movement.ref);
                           return true;
                         }).status());
    }
    for (const TransferRef ref : refs) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, ref));
      FT_ASSIGN_OR_RETURN(const bool more, TakeOne(ref, row, take));
      if (!more) return false;
    }
    return true;
  }

  StatusOr<bool> TakeOne(TransferRef ref, const model::TransferRow& row,
                         const std::function<StatusOr<bool>(const Payment&)>& take) {
    if (row.sends_back() || row.committed() || !books::CanArrive(row.kind)) return true;
    FT_ASSIGN_OR_RETURN(const Receiver* receiver, ReceiverOf(row.to));
    if (!receiver->asked) return true;
    Payment payment{ref, receiver, row.to_amount.value()};
    if (receiver->sent_back) {
      FT_ASSIGN_OR_RETURN(const std::int64_t back, SentBack(row));
      payment.paid -= back;
    }
    if (payment.paid <= 0) return true;
    FT_ASSIGN_OR_RETURN(const auto said, NewestAcknowledgement(view_, ref, as_of_));
    payment.status = StatusBy(said);
    if (payment.status == Line::STATUS_CONFIRMED) payment.arrived = payment.paid;
    if (payment.status == Line::STATUS_PARTLY)
      payment.arrived =
          std::clamp(std::int64_t{said->action().acknowledge().amount()}, std::int64_t{0}, payment.paid);
    return take(payment);
  }

  // Of the receipt: a recipient pays nothing out but what it sends back.
  StatusOr<std::int64_t> SentBack(const model::TransferRow& row) const {
    std::int64_t back = 0;
    const Interval receipt = row.receipt();
    const auto rows =
        view_.rows->Scan(keys::PieceOut(row.to, receipt.from), keys::PieceOut(row.to, receipt.to));
    for (; rows->Valid(); rows->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto piece, model::DecodePiece(rows->key(), rows->value()));
      if (as_of_.has_value() && piece.row.ref.record.value() > *as_of_) continue;
      if (!AddTo(&back, piece.row.length.value()) || back > row.to_amount.value())
        return model::Damaged(rows->key(), "says that more went back than came");
    }
    FT_RETURN_IF_ERROR(rows->status());
    return back;
  }

  StatusOr<const Receiver*> ReceiverOf(model::AccountNumber account) {
    const auto found = receivers_.find(account.value());
    if (found != receivers_.end()) return found->second.get();
    auto receiver = std::make_unique<Receiver>();
    FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, account));
    FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then_, name.party()));
    receiver->asked = party.role() == v1::ROLE_RECIPIENT &&
                      (request_.party().empty() || name.party() == request_.party()) &&
                      (request_.fund().empty() || name.fund() == request_.fund()) &&
                      (request_.project().empty() || name.project() == request_.project());
    if (receiver->asked) {
      FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(then_, name.asset()));
      receiver->asset = name.asset();
      receiver->decimals = asset.decimals();
      FT_ASSIGN_OR_RETURN(const auto state, books::GetAccountState(*view_.rows, account));
      receiver->sent_back = state.held != state.received;
    }
    return receivers_.emplace(account.value(), std::move(receiver)).first->second.get();
  }

  const View view_, then_;
  const v1::AcknowledgementsRequest request_;
  const std::string on_;
  const AsOfRecord as_of_;
  const std::set<int> statuses_;
  LineReader lines_;
  absl::flat_hash_map<std::uint64_t, std::unique_ptr<Receiver>> receivers_;
};

Status AddCounts(PaymentReader* reader, v1::AcknowledgementsAnswer* page, PageBudget* budget) {
  std::map<std::pair<std::string, int>, v1::AcknowledgementCount> counts;
  std::uint64_t in_all = 0;
  const auto take = [&](const Payment& payment) -> StatusOr<bool> {
    if (reader->Shows(payment)) ++in_all;
    auto& count = counts[{payment.receiver->asset, payment.status}];
    count.set_status(payment.status);
    count.set_asset(payment.receiver->asset);
    count.set_decimals(payment.receiver->decimals);
    count.set_payments(count.payments() + 1);
    std::int64_t paid = count.paid(), arrived = count.arrived();
    AddSaturated(payment.paid, &paid);
    AddSaturated(payment.arrived, &arrived);
    count.set_paid(paid);
    count.set_arrived(arrived);
    return true;
  };
  FT_RETURN_IF_ERROR(reader->Each(std::nullopt, take).status());
  page->set_in_all(in_all);
  for (auto& [key, count] : counts) {
    budget->TakeBytes(count.ByteSizeLong());
    *page->add_counts() = std::move(count);
  }
  return absl::OkStatus();
}

Status CheckStatuses(const v1::AcknowledgementsRequest& request) {
  for (const int status : request.statuses())
    if (!Line::Status_IsValid(status) || status == Line::STATUS_UNSPECIFIED)
      return absl::InvalidArgumentError(absl::StrCat("statuses: ", status, " is no status of a payment"));
  return absl::OkStatus();
}

std::string InToken(const google::protobuf::RepeatedField<int>& numbers) {
  std::string text;
  for (const int number : numbers) absl::StrAppend(&text, number, ",");
  return text;
}

}  // namespace

StatusOr<Pages<v1::AcknowledgementsAnswer>> Acknowledgements(const View& view,
                                                             const v1::AcknowledgementsRequest& request,
                                                             const Paging& paging) {
  FT_RETURN_IF_ERROR(CheckStatuses(request));
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(std::string on, DayAsked(view, request.on(), as_of));
  if (!request.fund().empty()) FT_RETURN_IF_ERROR(CheckFund(view, request.fund()));
  if (!request.party().empty()) FT_RETURN_IF_ERROR(FindParty(view, request.party()).status());
  if (!request.project().empty()) {
    FT_ASSIGN_OR_RETURN(const auto project,
                        ItemThen(view, v1::Action::kProposeProject, request.project(), as_of));
    if (!project.has_value())
      return absl::NotFoundError(
          absl::StrCat("this ledger has no project \"", Escaped(request.project()), "\""));
  }
  const PageToken token({"acknowledgements", request.party(), request.fund(), request.project(),
                         InToken(request.statuses()), request.on(),
                         as_of.has_value() ? absl::StrCat(*as_of) : std::string()});
  std::optional<TransferRef> after;
  if (!paging.after.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string place, token.Place(paging.after));
    const auto ref = model::ParseRef(place);
    if (!ref.ok() || ref->line == 0) return token.Refused(paging.after);
    after = *ref;
  }
  const auto reader = std::make_shared<PaymentReader>(view, request, std::move(on), as_of);
  bool counted = after.has_value();
  const auto fill = [reader, token, after, counted, then = Then(view, as_of), names = ItemNames()](
                        v1::AcknowledgementsAnswer* page,
                        PageBudget* budget) mutable -> StatusOr<std::optional<std::string>> {
    if (reader->as_of().has_value()) page->set_as_of_record(*reader->as_of());
    page->set_on(reader->on());
    if (!counted) FT_RETURN_IF_ERROR(AddCounts(reader.get(), page, budget));
    counted = true;
    std::optional<TransferRef> last = after;
    const auto take = [&](const Payment& payment) -> StatusOr<bool> {
      if (!reader->Shows(payment)) return true;
      if (budget->full()) return false;
      FT_ASSIGN_OR_RETURN(*page->add_lines(), reader->Describe(payment));
      const Line& line = page->lines(page->lines_size() - 1);
      budget->TakePart(line.ByteSizeLong());
      FT_ASSIGN_OR_RETURN(const std::size_t bytes, names.Add(then, line.transfer(), page->mutable_names()));
      budget->TakeBytes(bytes);
      last = payment.ref;
      return true;
    };
    FT_ASSIGN_OR_RETURN(const bool whole, reader->Each(after, take));
    if (whole) return std::optional<std::string>();
    after = last;
    return std::optional(token.At(model::RefText(*last)));
  };
  return Pages<v1::AcknowledgementsAnswer>(view, paging, fill);
}

}  // namespace fundtrail::query

// See second_look.h.
#include "cli/client/second_look.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/questions.h"
#include "cli/render/style.h"
#include "ledger/model/references.h"

namespace fundtrail::cli {
namespace {

// The payer's own number: of an imported payment what follows "FILE:LINE ".
std::string OwnNumber(const std::string& reference) {
  for (std::size_t at = reference.find(':'); at != std::string::npos; at = reference.find(':', at + 1)) {
    const std::size_t end = std::min(reference.find_first_not_of("0123456789", at + 1), reference.size());
    if (end == at + 1 || (end < reference.size() && reference[end] != ' ')) continue;
    return end < reference.size() ? reference.substr(end + 1) : "";
  }
  return reference;
}

Date DaysFrom(Date date, int days) {
  static const Date kFirst = *ParseDate("1900-01-01"), kLast = *ParseDate("2200-12-31");
  return std::clamp(Date(date.days() + days), kFirst, kLast);
}

// Whether the line may be the payment that is to be made on that day.
bool MayBeSame(const v1::Statement& statement, const v1::StatementLine& line, const v1::Transfer& transfer,
               Date date, int days) {
  const v1::SentBack& back = line.sent_back();
  if (!line.incoming() || line.has_returns() || line.other_party() != transfer.from()) return false;
  if (back.undone() >= line.amount() - back.returned()) return false;
  const std::string before = OwnNumber(line.reference());
  if (!before.empty() && !transfer.reference().empty()) return before == transfer.reference();
  const auto paid = ParseDate(line.date());
  return paid.ok() && std::abs(paid->days() - date.days()) <= days &&
         statement.account().asset() == transfer.asset() && line.amount() == transfer.amount() &&
         line.stage() == transfer.stage();
}

}  // namespace

Status CheckNotPaid(Connection* connection, const v1::Transfer& transfer, Date date, int days,
                    std::uint32_t decimals) {
  if (transfer.from() == transfer.to() || transfer.has_returns() || !transfer.to_asset().empty())
    return absl::OkStatus();
  const int span = transfer.reference().empty() ? days : std::max(days, kMaxReferenceDays);
  v1::StatementRequest request;
  request.set_party(transfer.to());
  request.set_from(ToString(DaysFrom(date, -span)));
  request.set_to(ToString(DaysFrom(date, span)));
  std::optional<v1::StatementLine> same;
  const std::function<Status(const v1::StatementAnswer&)> take =
      [&](const v1::StatementAnswer& page) -> Status {
    FT_RETURN_IF_ERROR(CheckAnswer(page));
    for (const auto& statement : page.statements()) {
      for (const auto& line : statement.lines())
        if (MayBeSame(statement, line, transfer, date, days)) same = line;
    }
    return absl::OkStatus();
  };
  const Status asked = PagesOfStatement(connection, request, take);
  if (absl::IsNotFound(asked)) return absl::OkStatus();  // of a payee that is not there the rules say so
  FT_RETURN_IF_ERROR(asked);
  if (!same.has_value()) return absl::OkStatus();
  const std::string number = OwnNumber(same->reference());
  const std::string ref = model::RefText(same->ref());
  return absl::InvalidArgumentError(
      absl::StrCat(transfer.from(), " paid ", transfer.to(), " ", render::Money(same->amount(), decimals),
                   " ", transfer.asset(), " on ", same->date(), " already: ", ref,
                   number.empty() ? "" : absl::StrCat(", reference ", number),
                   ". Nothing was sent. If this is another payment, give --yes; `fundtrail WHERE show ", ref,
                   "` shows that one"));
}

Status CheckClock(Connection* connection, std::uint64_t size, Date today) {
  if (size == 0) return absl::OkStatus();
  v1::ShowRequest request;
  request.mutable_ref()->set_record(size - 1);
  const auto newest = AskShow(connection, request);
  if (absl::IsNotFound(newest.status()))
    return absl::OkStatus();  // another server of the ledger may be behind
  FT_RETURN_IF_ERROR(newest.status());
  const Date recorded = DateOf(Timestamp(newest->recorded_micros()));
  if (today.days() >= recorded.days() - 1) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("this machine's clock says ", ToString(today), ", and the ledger's newest record is of ",
                   ToString(recorded), ". Nothing was sent. Set the clock, or give --date DAY"));
}

Status CheckDateMeant(Connection* connection, Date date, Date today) {
  if (date > today) {
    return absl::InvalidArgumentError(absl::StrCat("the date ", ToString(date), " is after today, ",
                                                   ToString(today),
                                                   ". Nothing was sent. If it is meant, give --yes"));
  }
  // The first record is no later than today.
  if (date.days() > today.days() - kFarBackDays) return absl::OkStatus();
  v1::ShowRequest request;
  request.mutable_ref()->set_record(0);
  FT_ASSIGN_OR_RETURN(const auto first, AskShow(connection, request));
  const Date begun = DateOf(Timestamp(first.recorded_micros()));
  if (date.days() > begun.days() - kFarBackDays) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "the date ", ToString(date), " is more than ten years before the ledger's first record, of ",
      ToString(begun), ". Nothing was sent. If it is meant, give --yes"));
}

}  // namespace fundtrail::cli

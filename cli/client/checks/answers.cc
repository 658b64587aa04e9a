// Of arrivals, concerns and samples: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/bytes.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/references.h"

namespace fundtrail::cli {

namespace {

// Of an empty list any.
bool IsAmong(int one, const google::protobuf::RepeatedField<int>& asked) {
  return asked.empty() || std::find(asked.begin(), asked.end(), one) != asked.end();
}

v1::AcknowledgementLine::Status StatusOf(const v1::AcknowledgementLine& line) {
  using Line = v1::AcknowledgementLine;
  if (!line.transfer().has_arrival()) return Line::STATUS_SILENT;
  switch (line.transfer().arrival().said().result()) {
    case v1::Acknowledge::RESULT_RECEIVED:
      return Line::STATUS_CONFIRMED;
    case v1::Acknowledge::RESULT_PARTLY:
      return Line::STATUS_PARTLY;
    default:
      return Line::STATUS_DISPUTED;
  }
}

struct Sums {
  std::uint64_t payments = 0;
  Wide paid = 0, arrived = 0;
};

Status CheckCounts(const v1::AcknowledgementsAnswer& answer) {
  std::map<std::pair<std::string, int>, Sums> sums;
  for (const auto& line : answer.lines()) {
    Sums& of = sums[{line.asset(), line.status()}];
    ++of.payments;
    of.paid += line.paid();
    of.arrived += line.arrived();
  }
  for (const auto& count : answer.counts()) {
    const auto of = sums.extract(std::pair<std::string, int>(count.asset(), count.status()));
    if (of.empty() || of.mapped().payments != count.payments() || Capped(of.mapped().paid) != count.paid() ||
        Capped(of.mapped().arrived) != count.arrived())
      return Bad("the counts are not those of the payments");
  }
  return sums.empty() ? absl::OkStatus() : Bad("the counts are not those of the payments");
}

Status CheckCounts(const v1::ConcernsAnswer& answer) {
  std::map<int, std::uint64_t> sums;
  for (const auto& line : answer.lines()) ++sums[line.concern().kind()];
  for (const auto& count : answer.counts()) {
    const auto of = sums.extract(count.kind());
    if (of.empty() || of.mapped() != count.concerns() || count.overdue() > count.open() ||
        count.open() > count.concerns() || count.satisfied() > count.closed() ||
        count.closed() > count.concerns() || count.answered() > count.concerns())
      return Bad("the counts are not those of the concerns");
  }
  return sums.empty() ? absl::OkStatus() : Bad("the counts are not those of the concerns");
}

Status CheckMoney(const v1::ConcernsAnswer& answer) {
  Status untrue = Bad("the money that concerns are about is not one amount above zero for each asset");
  if (answer.money_beyond() && !answer.money().empty()) return untrue;
  std::set<std::string> assets;
  for (const v1::ConcernMoney& line : answer.money()) {
    const auto least = std::min({line.in_projects(), line.for_needs(), line.in_payments()});
    const auto most = std::max({line.in_projects(), line.for_needs(), line.in_payments()});
    if (least < 0 || most == 0 || !assets.insert(line.asset()).second) return untrue;
  }
  return absl::OkStatus();
}

// Of all concerns that fit the question, those that nobody closed tell what money there may be.
Status CheckSubjects(const v1::ConcernsAnswer& answer) {
  std::set<std::pair<int, std::string>> with, without;
  for (const v1::ConcernLine& line : answer.lines()) {
    if (line.state() == v1::ConcernLine::STATE_CLOSED) continue;
    const v1::RaiseConcern& said = line.concern();
    for (const std::string* id : {&said.project(), &said.need(), &said.transfer()})
      if (!id->empty()) with.emplace(0, *id);
    int of = 0;
    for (const std::string* id : {&said.party(), &said.policy(), &said.evaluation(), &said.notice()})
      if (++of; !id->empty()) without.emplace(of, *id);
  }
  if (answer.without_money() != without.size() ||
      (with.empty() && (answer.money_beyond() || !answer.money().empty())))
    return Bad("the money is not that of what the concerns are about");
  return absl::OkStatus();
}

}  // namespace

Status CheckAnswer(const v1::AcknowledgementsAnswer& answer, const v1::AcknowledgementsRequest& request,
                   bool whole) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.lines_size()));
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::AcknowledgementLine& line = answer.lines(i);
    const TransferRef ref = model::RefOf(line.transfer().ref());
    const std::string of = absl::StrCat("payment ", model::RefText(ref));
    if (!IsAmong(line.status(), request.statuses())) return Bad(absl::StrCat(of, " was not asked for"));
    if (line.status() != StatusOf(line))
      return Bad(absl::StrCat("the status of ", of, " does not follow from what was said"));
    if (line.paid() <= 0 || line.arrived() < 0 || line.arrived() > line.paid())
      return Bad(absl::StrCat("of ", of, ", more arrived than was paid"));
    if (i > 0 && ref <= model::RefOf(answer.lines(i - 1).transfer().ref()))
      return Bad(absl::StrCat(of, " is out of order"));
  }
  if (!whole) return absl::OkStatus();
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.lines_size()) > request.limit())
    return Bad("it has more payments than were asked for");
  if (request.limit() > 0 || !request.after().empty() || request.statuses_size() > 0) return absl::OkStatus();
  return CheckCounts(answer);
}

Status CheckAnswer(const v1::ConcernsAnswer& answer, const v1::ConcernsRequest& request, bool whole) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.lines_size()));
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::ConcernLine& line = answer.lines(i);
    const std::string of = absl::StrCat("concern ", Escaped(line.concern().id()));
    const bool asked =
        IsAmong(line.state(), request.states()) &&
        (request.kind() == v1::RaiseConcern::KIND_UNSPECIFIED || line.concern().kind() == request.kind());
    if (!asked) return Bad(absl::StrCat(of, " was not asked for"));
    if ((line.state() == v1::ConcernLine::STATE_CLOSED) != line.has_closed_in() ||
        (line.state() == v1::ConcernLine::STATE_ANSWERED && !line.has_answered_in()))
      return Bad(absl::StrCat("the state of ", of, " does not follow from what was said"));
    if (i > 0 && line.concern().id() <= answer.lines(i - 1).concern().id())
      return Bad(absl::StrCat(of, " is out of order"));
  }
  FT_RETURN_IF_ERROR(CheckMoney(answer));
  if (!whole) return absl::OkStatus();
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.lines_size()) > request.limit())
    return Bad("it has more concerns than were asked for");
  if (request.limit() > 0 || !request.after().empty() || request.states_size() > 0) return absl::OkStatus();
  FT_RETURN_IF_ERROR(CheckCounts(answer));
  return CheckSubjects(answer);
}

Status CheckAnswer(const v1::SampleAnswer& answer, const v1::SampleRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  if (answer.sample().id() != request.id()) return Bad("it is of another sample than was asked for");
  if (answer.seed_size() != answer.record() + 2) return Bad("the seed is that of another record");
  if (answer.seed().empty() && answer.members().empty()) {
    const bool known =
        answer.seed_size() <= (request.has_as_of() ? request.as_of() + 1 : answer.as_of().size());
    return known ? Bad("the next record is there, and so are the members") : absl::OkStatus();
  }
  if (answer.seed().size() != Hash::kSize || answer.size() > answer.of() ||
      static_cast<std::uint64_t>(answer.members_size()) != answer.size())
    return Bad("it does not have as many members as the sample needs");
  for (int i = 0; i < answer.members_size(); ++i) {
    const v1::SampleMember& member = answer.members(i);
    Bytes name;
    AppendBigEndian64(&name, member.transfer().record());
    AppendBigEndian32(&name, member.transfer().line());
    const Hash rank = crypto::Sha256({answer.seed(), name});
    if (rank.view() != member.rank() || (i > 0 && answer.members(i - 1).rank() >= member.rank()))
      return Bad(absl::StrCat("the rank of payment ", model::RefText(member.transfer()),
                              " does not follow from the seed, or they are not in order"));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli

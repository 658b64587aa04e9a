// Of sums and ages: what is checked (checks.h).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "ledger/base/date.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/model/unrecorded.h"

namespace fundtrail::cli {
namespace {

using MoneySums = v1::MoneySums;

constexpr std::uint64_t kSummaryTop = 5;  // what the server shows when nothing else is asked

Wide There(const MoneySums& sums) {
  return Wide{sums.held()} + sums.reached() + sums.ends_here() + sums.returned();
}

Status CheckSums(const MoneySums& sums, const std::string& of) {
  if (Wide{sums.before()} + sums.brought_in() + sums.received() != Wide{sums.paid()} + There(sums))
    return Bad(of + "what came in is not what went out and what is there");
  if (sums.received() < 0 || sums.paid() < 0 || sums.brought_in() < 0 || sums.moved() < 0)
    return Bad(of + "a sum is below zero");
  if (!IsPart(sums.unrecorded(), sums.brought_in()) ||
      !IsPart(sums.committed_brought_in(), sums.brought_in()) ||
      !IsPart(sums.committed_received(), sums.received()) || !IsPart(sums.committed_paid(), sums.paid()) ||
      !IsPart(sums.committed_moved(), sums.moved()) || sums.committed_transfers() > sums.transfers())
    return Bad(of + "a part is more than its whole");
  return absl::OkStatus();
}

// What lies with a body lies there by its role.
bool FitsRole(const v1::TopLine& line) {
  const MoneySums& sums = line.sums();
  const bool held = line.role() == v1::ROLE_HOLDER, source = line.role() == v1::ROLE_SOURCE;
  const bool reached = line.role() == v1::ROLE_RECIPIENT && !line.role_inferred();
  const bool ends_here = line.role() == v1::ROLE_RECIPIENT && line.role_inferred();
  return (held || sums.held() == 0) && (source || (sums.returned() == 0 && sums.brought_in() == 0)) &&
         (reached || sums.reached() == 0) && (ends_here || sums.ends_here() == 0);
}

std::string OfBody(const v1::TopLine& line) {
  return absl::StrCat("of ", Escaped(line.party()), " in ", Escaped(line.asset()), ", ");
}

// A body of joined parties may have the money of several roles.
Status CheckBody(const v1::TopLine& line, bool joined = false) {
  FT_RETURN_IF_ERROR(CheckSums(line.sums(), OfBody(line)));
  return joined || FitsRole(line) ? absl::OkStatus()
                                  : Bad(OfBody(line) + "there is money that its role does not have");
}

// Fields of messages, added up one by one. Sums are compared by themselves.
class FieldSums {
 public:
  void Add(const google::protobuf::Message& message) {
    const auto& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const google::protobuf::FieldDescriptor* const field = message.GetDescriptor()->field(i);
      Wide& sum = sums_[field->number()];
      if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_INT64)
        sum += reflection.GetInt64(message, field);
      if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_UINT64)
        sum += reflection.GetUInt64(message, field);
    }
  }
  friend bool operator==(const FieldSums&, const FieldSums&) = default;

 private:
  std::map<int, Wide> sums_;
};
FieldSums SumsOf(const google::protobuf::Message& message) {
  FieldSums sums;
  sums.Add(message);
  return sums;
}

Wide RankOfBody(v1::TopRequest::By by, const MoneySums& sums) {
  switch (by) {
    case v1::TopRequest::BY_BROUGHT_IN:
      return sums.brought_in();
    case v1::TopRequest::BY_PAID:
      return sums.paid();
    case v1::TopRequest::BY_HELD:
      return There(sums);
    default:
      return sums.received();
  }
}

// Whether `later` may stand after `line`.
bool AreInOrder(v1::TopRequest::By by, const v1::TopLine& line, const v1::TopLine& later) {
  if (line.asset() != later.asset()) return line.asset() < later.asset();
  const Wide amount = RankOfBody(by, line.sums()), next = RankOfBody(by, later.sums());
  return amount != next ? amount > next : line.party() < later.party();
}

struct ShownBodies {
  std::uint64_t count = 0;
  FieldSums sums;
};

Status CheckTopTotals(const v1::TopAnswer& answer, const v1::TopRequest& request,
                      const std::map<std::string, ShownBodies>& shown, bool whole) {
  std::map<std::string, const v1::TopTotal*> totals;
  for (const v1::TopTotal& total : answer.totals()) {
    const std::string of = absl::StrCat("of ", Escaped(total.all().asset()), ", ");
    if (!totals.emplace(total.all().asset(), &total).second) return Bad(of + "there are two totals");
    FT_RETURN_IF_ERROR(CheckSums(total.all().sums(), of));
    const std::uint64_t left_out =
        request.top() > 0 && total.bodies() > request.top() ? total.bodies() - request.top() : 0;
    if (total.left_out() != left_out)
      return Bad(of + "another number of bodies is left out than was asked for");
  }
  if (!whole) return absl::OkStatus();
  for (const auto& [asset, bodies] : shown) {
    if (totals.count(asset) == 0)
      return Bad(absl::StrCat("of ", Escaped(asset), ", there are bodies and no total"));
  }
  for (const auto& [asset, total] : totals) {
    const auto found = shown.find(asset);
    const ShownBodies bodies = found == shown.end() ? ShownBodies() : found->second;
    const std::string of = absl::StrCat("of ", Escaped(asset), ", ");
    if (bodies.count + total->left_out() != total->bodies())
      return Bad(of + "the bodies are not as many as is said");
    if (total->left_out() == 0 && bodies.count > 0 && bodies.sums != SumsOf(total->all().sums()))
      return Bad(of + "the totals are not those of the bodies");
  }
  return absl::OkStatus();
}

// Donors and recipients of a summary: `amount_of` is what they are ranked by, and `all` is what all of them have. Joined parties may
// have money of several roles: then `all` is no less than what they have.
template <typename AmountOf>
Status CheckLargest(const google::protobuf::RepeatedPtrField<v1::TopLine>& lines, std::uint64_t count,
                    std::uint64_t top, Wide all, bool joined, const std::string& asset,
                    const AmountOf& amount_of) {
  const std::string of = absl::StrCat("of ", Escaped(asset), ", ");
  const auto shown = static_cast<std::uint64_t>(lines.size());
  if (shown != std::min(count, top)) return Bad(of + "another number of bodies is shown than was asked for");
  Wide sum = 0;
  for (int i = 0; i < lines.size(); ++i) {
    const v1::TopLine& line = lines.Get(i);
    FT_RETURN_IF_ERROR(CheckBody(line, joined));
    const Wide amount = amount_of(line);
    if (line.asset() != asset || amount <= 0)
      return Bad(OfBody(line) + "it is not one of those that are ranked");
    sum += amount;
    if (i == 0) continue;
    const v1::TopLine& before = lines.Get(i - 1);
    const Wide larger = amount_of(before);
    if (amount > larger || (amount == larger && line.party() <= before.party()))
      return Bad(of + "the largest does not come first");
  }
  if (sum > all || (!joined && shown == count && sum != all))
    return Bad(of + "those that are shown do not have what all of them have");
  return absl::OkStatus();
}

Status CheckAsset(const v1::AssetSummary& asset, std::uint64_t top, bool joined) {
  const MoneySums& all = asset.all().sums();
  const std::string& code = asset.all().asset();
  FT_RETURN_IF_ERROR(CheckSums(all, absl::StrCat("of ", Escaped(code), ", ")));
  if (all.before() != 0)
    return Bad(absl::StrCat("of ", Escaped(code), ", something was there before the first record"));
  FT_RETURN_IF_ERROR(CheckLargest(asset.donors(), asset.donor_count(), top,
                                  Wide{all.brought_in()} - (joined ? 0 : all.unrecorded()), joined, code,
                                  [](const v1::TopLine& line) {
                                    const bool unrecorded = model::IsUnrecordedOrigin(line.party());
                                    return unrecorded ? Wide{0} : Wide{line.sums().brought_in()};
                                  }));
  const auto there = [joined](const MoneySums& sums) {
    return Wide{sums.reached()} + sums.ends_here() + (joined ? Wide{sums.held()} + sums.returned() : 0);
  };
  return CheckLargest(asset.recipients(), asset.recipient_count(), top, there(all), joined, code,
                      [&there](const v1::TopLine& line) { return there(line.sums()); });
}

// Of HeldAges, the youngest first.
std::vector<std::int64_t> Ages(const v1::HeldAges& ages) {
  return {ages.under_90_days(), ages.under_1_year(), ages.under_2_years(), ages.over_2_years()};
}

// In which of the ages a day is; nothing for what is no day.
std::optional<std::size_t> AgeOf(const std::string& day, const std::string& on) {
  const auto from = ParseDate(day), to = ParseDate(on);
  if (!from.ok() || !to.ok()) return std::nullopt;
  const int days = to->days() - from->days();
  return days < 90 ? 0 : days < 365 ? 1 : days < 730 ? 2 : 3;
}

// Of a line or a total.
template <typename Held>
Status CheckHeld(const Held& held, const std::string& on, const std::string& of) {
  Wide sum = 0;
  const auto ages = Ages(held.ages());
  for (const std::int64_t age : ages) {
    if (age < 0) return Bad(of + "a sum is below zero");
    sum += age;
  }
  if (sum != held.held() || held.held() <= 0) return Bad(of + "the ages do not add up to what is held");
  if (!IsPart(held.committed(), held.held()) || !IsPart(held.kept(), held.held()))
    return Bad(of + "more is committed or kept than is held");
  const auto oldest = AgeOf(held.oldest(), on);
  if (!oldest.has_value() || ages[*oldest] == 0) return Bad(of + "the oldest day does not fit the ages");
  for (std::size_t older = *oldest + 1; older < ages.size(); ++older)
    if (ages[older] != 0) return Bad(of + "the oldest day does not fit the ages");
  return absl::OkStatus();
}

bool AreInOrder(v1::IdleRequest::By by, const v1::IdleLine& line, const v1::IdleLine& later) {
  const v1::Account &one = line.account(), &next = later.account();
  // Days sort as their texts do.
  if (by == v1::IdleRequest::BY_OLDEST && line.oldest() != later.oldest())
    return line.oldest() < later.oldest();
  if (one.asset() != next.asset()) return one.asset() < next.asset();
  if (line.held() != later.held()) return line.held() > later.held();
  return std::tie(one.party(), one.fund(), one.project()) <
         std::tie(next.party(), next.fund(), next.project());
}

std::string OfHolder(const v1::IdleLine& line) {
  return absl::StrCat("of ", Escaped(line.account().party()), " in ", Escaped(line.account().asset()), ", ");
}

// `party`: whom it may be of, empty for any.
Status CheckHolder(const v1::IdleLine& line, const v1::IdleRequest& request, const std::string& party,
                   const std::string& on) {
  const v1::Account& account = line.account();
  const bool by_party = request.of() == v1::IdleRequest::OF_PARTY;
  FT_RETURN_IF_ERROR(CheckHeld(line, on, OfHolder(line)));
  const auto newest = AgeOf(line.newest(), on);
  if (!newest.has_value() || line.newest() < line.oldest() || Ages(line.ages())[*newest] == 0)
    return Bad(OfHolder(line) + "the newest day does not fit the ages");
  const bool asked =
      (party.empty() || account.party() == party) &&
      (request.fund().empty() || by_party || account.fund() == request.fund()) &&
      (request.asset().empty() || account.asset() == request.asset()) &&
      (by_party ? account.fund().empty() && account.project().empty() : !account.fund().empty());
  if (!asked) return Bad(OfHolder(line) + "it was not asked for");
  if (line.accounts() == 0 || (!by_party && !request.joined() && line.accounts() != 1))
    return Bad(OfHolder(line) + "it is of another number of accounts");
  return absl::OkStatus();
}

// Of lines, or of a total.
struct HeldTotal {
  std::uint64_t lines = 0;
  Wide held = 0, committed = 0, kept = 0;
  FieldSums ages;
  std::string oldest;
  friend bool operator==(const HeldTotal&, const HeldTotal&) = default;
};

}  // namespace

Status CheckAnswer(const v1::SummaryAnswer& answer, const v1::SummaryRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  FT_RETURN_IF_ERROR(CheckJoined(answer, request.joined()));
  const std::uint64_t top = request.top() == 0 ? kSummaryTop : request.top();
  if (answer.records() != (request.has_as_of() ? request.as_of() + 1 : answer.as_of().size()))
    return Bad("it has another number of records than its checkpoint");
  if (answer.committed_transfers() > answer.transfers())
    return Bad("more transfers are committed than there are");
  for (const v1::RegisterCount& count : answer.registers())
    if (count.ended() > count.items() || count.items() == 0)
      return Bad("of a register, more items have ended than there are");
  for (int i = 0; i < answer.assets_size(); ++i) {
    FT_RETURN_IF_ERROR(CheckAsset(answer.assets(i), top, request.joined()));
    if (i > 0 && answer.assets(i).all().asset() <= answer.assets(i - 1).all().asset())
      return Bad("the assets do not stand by their codes");
  }
  if (static_cast<std::uint64_t>(answer.newest_size()) != std::min(top, answer.transfers()))
    return Bad("another number of transfers is shown than was asked for");
  for (int i = 1; i < answer.newest_size(); ++i) {
    const v1::TransferRef &later = answer.newest(i - 1).ref(), &ref = answer.newest(i).ref();
    if (std::pair(ref.record(), ref.line()) >= std::pair(later.record(), later.line()))
      return Bad("the newest transfer does not come first");
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::TopAnswer& answer, const v1::TopRequest& request, bool whole) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.lines_size()));
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  FT_RETURN_IF_ERROR(CheckJoined(answer, request.joined()));
  const auto of = request.of() == v1::TopRequest::OF_UNSPECIFIED ? v1::TopRequest::OF_BODIES : request.of();
  const bool groups = of != v1::TopRequest::OF_BODIES;
  if (answer.of() != of) return Bad("it has other lines than were asked for");
  std::map<std::string, ShownBodies> shown;
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::TopLine& line = answer.lines(i);
    FT_RETURN_IF_ERROR(CheckBody(line, request.joined() || groups));
    if ((!request.asset().empty() && line.asset() != request.asset()) ||
        (!groups && request.role() != v1::ROLE_UNSPECIFIED && line.role() != request.role()))
      return Bad(OfBody(line) + "it was not asked for");
    if (request.since().empty() && line.sums().before() != 0)
      return Bad(OfBody(line) + "something was there before the first record");
    if (i > 0 && !AreInOrder(request.by(), answer.lines(i - 1), line))
      return Bad(OfBody(line) + "it is not in the order that was asked for");
    ShownBodies& bodies = shown[line.asset()];
    ++bodies.count;
    bodies.sums.Add(line.sums());
    if (request.top() > 0 && bodies.count > request.top())
      return Bad("more bodies are shown than were asked");
  }
  return CheckTopTotals(answer, request, shown, whole);
}

Status CheckAnswer(const v1::SeriesAnswer& answer, const v1::SeriesRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  const v1::SeriesRequest::By by =
      request.by() == v1::SeriesRequest::BY_UNSPECIFIED ? v1::SeriesRequest::BY_MONTH : request.by();
  FT_RETURN_IF_ERROR(CheckJoined(answer, request.joined()));
  if (answer.party() != StandingFor(answer, request.party()) || answer.fund() != request.fund() ||
      answer.programme() != request.programme() || answer.by() != by)
    return Bad("it is of another party, another fund or other periods than was asked for");
  const std::size_t letters = by == v1::SeriesRequest::BY_DAY ? 10 : by == v1::SeriesRequest::BY_YEAR ? 4 : 7;
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::SeriesLine& line = answer.lines(i);
    const v1::AssetSums& sums = line.sums();
    const std::string of = absl::StrCat("of ", Escaped(sums.asset()), " in ", Escaped(line.period()), ", ");
    FT_RETURN_IF_ERROR(CheckSums(sums.sums(), of));
    const std::string_view since(request.since()), until(request.until());
    const bool asked = line.period().size() == letters && line.period() >= since.substr(0, letters) &&
                       (until.empty() || line.period() <= until.substr(0, letters)) &&
                       (request.asset().empty() || sums.asset() == request.asset());
    if (!asked) return Bad(of + "it was not asked for");
    const v1::SeriesLine* const last = i > 0 ? &answer.lines(i - 1) : nullptr;
    if (last != nullptr &&
        std::tie(last->sums().asset(), last->period()) >= std::tie(sums.asset(), line.period()))
      return Bad(of + "it is out of order");
    const bool first = last == nullptr || last->sums().asset() != sums.asset();
    const bool fits = first ? !request.since().empty() || sums.sums().before() == 0
                            : sums.sums().before() == There(last->sums().sums());
    if (!fits) return Bad(of + "it does not begin with what the period before ended with");
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::IdleAnswer& answer, const v1::IdleRequest& request, bool whole) {
  FT_RETURN_IF_ERROR(CheckJoined(answer, request.joined()));
  // Only the first of several pages says who is joined.
  const std::string party = request.joined() && !whole ? std::string() : StandingFor(answer, request.party());
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.lines_size()));
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  std::map<std::string, HeldTotal> sums;
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::IdleLine& line = answer.lines(i);
    FT_RETURN_IF_ERROR(CheckHolder(line, request, party, answer.on()));
    if (i > 0 && !AreInOrder(request.by(), answer.lines(i - 1), line))
      return Bad(OfHolder(line) + "it is not in the order that was asked for");
    HeldTotal& sum = sums[line.account().asset()];
    if (request.top() > 0 && sum.lines >= request.top())
      return Bad("more lines are shown than were asked for");
    sum.oldest = sum.lines == 0 ? line.oldest() : std::min(sum.oldest, line.oldest());
    ++sum.lines;
    sum.held += line.held();
    sum.committed += line.committed();
    sum.kept += line.kept();
    sum.ages.Add(line.ages());
  }
  for (const v1::IdleTotal& total : answer.totals()) {
    const std::string of = absl::StrCat("of ", Escaped(total.asset()), ", ");
    FT_RETURN_IF_ERROR(CheckHeld(total, answer.on(), of));
    const std::uint64_t left_out =
        request.top() > 0 && total.lines() > request.top() ? total.lines() - request.top() : 0;
    if (total.left_out() != left_out)
      return Bad(of + "another number of lines is left out than was asked for");
    const HeldTotal said{total.lines() - left_out, total.held(),  total.committed(), total.kept(),
                         SumsOf(total.ages()),     total.oldest()};
    const auto its = sums.extract(total.asset());
    if (!whole) continue;
    if (its.empty() || its.mapped().lines != said.lines)
      return Bad(of + "the lines are not as many as is said");
    if (left_out == 0 && its.mapped() != said) return Bad(of + "the total is not that of the lines");
  }
  if (whole && !sums.empty()) return Bad("there are lines without a total");
  return absl::OkStatus();
}

}  // namespace fundtrail::cli

// See write.h.
#include "ledger/iati/write.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/decimal.h"
#include "ledger/iati/xml.h"

namespace fundtrail::iati {
namespace {

// ` name="value"`, or nothing where there is none.
std::string With(const char* name, const std::string& value) {
  return value.empty() ? "" : absl::StrCat(" ", name, "=\"", EscapedXml(value), "\"");
}
std::string Narrative(const std::string& text) {
  return absl::StrCat("<narrative>", EscapedXml(text), "</narrative>");
}

std::string OrganisationText(const char* element, const Organisation& of, const std::string& more) {
  return absl::StrCat("<", element, With("ref", of.ref), With("type", of.type), more,
                      With("ft:id", of.own_id), With("ft:role", of.role), ">",
                      Narrative(of.name.empty() ? of.own_id : of.name), "</", element, ">\n");
}

// A part of 10,000 as a percentage: "12.50"; nothing where none is said.
std::string Percentage(std::uint32_t basis_points) {
  return basis_points == 0 ? "" : FormatPlain(Amount(basis_points), 2);
}

// The standard has percentages that come to the whole among the countries and regions of an activity, and among the sectors of one
// vocabulary. Other parts stand in an attribute of our own: else they would say that the rest is nowhere.
constexpr std::uint32_t kAllOfIt = 10'000;
std::string PartOf(bool whole, std::uint32_t basis_points) {
  return With(whole ? "percentage" : "ft:percentage", Percentage(basis_points));
}

bool IsOfLocation(const NamedPlace& place) { return place.kind == NamedPlace::Kind::kLocation; }
bool CountriesAreWhole(const std::vector<NamedPlace>& places) {
  std::uint64_t sum = 0;
  for (const NamedPlace& place : places)
    if (!IsOfLocation(place)) sum += place.basis_points;
  return sum == kAllOfIt;
}
bool VocabularyIsWhole(const std::vector<Sector>& sectors, const std::string& vocabulary) {
  std::uint64_t sum = 0;
  for (const Sector& sector : sectors)
    if (sector.vocabulary == vocabulary) sum += sector.basis_points;
  return sum == kAllOfIt;
}

std::string PlaceText(const NamedPlace& place, bool countries_are_whole) {
  if (!IsOfLocation(place)) {
    const bool country = place.kind == NamedPlace::Kind::kCountry;
    const char* const element = country ? "recipient-country" : "recipient-region";
    return absl::StrCat("    <", element, With("code", place.code),
                        country ? "" : With("vocabulary", place.vocabulary),
                        PartOf(countries_are_whole, place.basis_points), With("ft:id", place.own_id),
                        With("ft:level", place.level), ">", Narrative(place.name), "</", element, ">\n");
  }
  return absl::StrCat("    <location", With("ref", place.code), With("ft:id", place.own_id),
                      With("ft:level", place.level), PartOf(false, place.basis_points), ">\n      <name>",
                      Narrative(place.name), "</name>\n    </location>\n");
}

std::string SectorText(const Sector& sector, bool vocabulary_is_whole) {
  return absl::StrCat("    <sector", With("vocabulary", sector.vocabulary), With("code", sector.code),
                      PartOf(vocabulary_is_whole, sector.basis_points), With("ft:id", sector.own_id), ">",
                      Narrative(sector.name), "</sector>\n");
}

// Type 1 is an output, measure 1 a number.
std::string IndicatorText(const Indicator& of) {
  const std::string year = of.from.substr(0, 4);
  return absl::StrCat(
      "    <result type=\"1\">\n      <title>", Narrative(of.title),
      "</title>\n      <indicator measure=\"1\"", With("ft:unit", of.unit),
      With("ft:across-places", of.across_places), With("ft:across-periods", of.across_periods),
      ">\n        <title>", Narrative(of.title), "</title>\n",
      of.baseline.empty()
          ? ""
          : absl::StrCat("        <baseline", With("year", year), With("value", of.baseline), "/>\n"),
      "        <period>\n          <period-start", With("iso-date", of.from), "/>\n          <period-end",
      With("iso-date", of.until), "/>\n          <target", With("value", of.target), "/>\n",
      of.actual.empty() ? "" : absl::StrCat("          <actual", With("value", of.actual), "/>\n"),
      "        </period>\n      </indicator>\n    </result>\n");
}

std::string TransactionText(const Transaction& transaction) {
  const auto code = static_cast<int>(*transaction.kind);
  return absl::StrCat(
      "    <transaction", With("ref", transaction.ref), With("ft:fund", transaction.fund),
      With("ft:asset", transaction.asset), With("ft:decimals", transaction.decimals),
      With("ft:order", transaction.order == 0 ? "" : std::to_string(transaction.order)),
      With("ft:kind", transaction.ledger_kind), With("ft:returns", transaction.returns),
      With("ft:draws", absl::StrJoin(transaction.draws, " ")), ">\n", "      <transaction-type code=\"", code,
      "\"/>\n", "      <transaction-date", With("iso-date", transaction.date), "/>\n", "      <value",
      With("currency", transaction.currency), With("value-date", transaction.date), ">",
      EscapedXml(transaction.amount), "</value>\n",
      transaction.description.empty()
          ? ""
          : absl::StrCat("      <description>", Narrative(transaction.description), "</description>\n"),
      "      ",
      OrganisationText("provider-org", transaction.provider,
                       With("provider-activity-id", transaction.provider.activity_id)),
      "      ",
      OrganisationText("receiver-org", transaction.receiver,
                       With("receiver-activity-id", transaction.receiver.activity_id)),
      "    </transaction>\n");
}

std::string StandsText(Stands stands) {
  switch (stands) {
    case Stands::kProgramme:
      return "programme";
    case Stands::kGeneralMoney:
      return "general";
    case Stands::kActivity:
      break;
  }
  return "";
}

}  // namespace

std::string FileBegin(const std::string& day) {
  return absl::StrCat(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<iati-activities version=\"2.03\" generated-datetime=\"",
      day, "T00:00:00Z\" xmlns:ft=\"", std::string(kOwnNamespace), "\">\n");
}

std::string FileEnd() { return "</iati-activities>\n"; }

std::string ActivityText(const Activity& activity) {
  std::string text = absl::StrCat(
      "  <iati-activity", With("ft:id", activity.own_id), With("ft:stands", StandsText(activity.stands)),
      ">\n    <iati-identifier>", EscapedXml(activity.id), "</iati-identifier>\n    ",
      OrganisationText("reporting-org", activity.reporting, ""), "    <title>", Narrative(activity.title),
      "</title>\n    <description>", Narrative(activity.title), "</description>\n");
  for (const Participant& participant : activity.participants)
    absl::StrAppend(&text, "    ",
                    OrganisationText("participating-org", participant.organisation,
                                     With("role", std::to_string(static_cast<int>(participant.role)))));
  absl::StrAppend(&text, "    <activity-status", With("code", activity.status), "/>\n");
  absl::StrAppend(&text, "    <activity-date", With("iso-date", activity.from), " type=\"2\"/>\n");
  if (!activity.until.empty())
    absl::StrAppend(&text, "    <activity-date", With("iso-date", activity.until), " type=\"3\"/>\n");
  const bool countries_are_whole = CountriesAreWhole(activity.places);
  // Countries stand before regions, and these before places.
  for (const auto kind : {NamedPlace::Kind::kCountry, NamedPlace::Kind::kRegion, NamedPlace::Kind::kLocation})
    for (const NamedPlace& place : activity.places)
      if (place.kind == kind) absl::StrAppend(&text, PlaceText(place, countries_are_whole));
  for (const Sector& sector : activity.sectors)
    absl::StrAppend(&text, SectorText(sector, VocabularyIsWhole(activity.sectors, sector.vocabulary)));
  for (const Budget& budget : activity.budgets)
    absl::StrAppend(&text, "    <budget>\n      <period-start", With("iso-date", budget.from),
                    "/>\n      <period-end", With("iso-date", budget.until), "/>\n      <value",
                    With("currency", budget.currency), With("value-date", budget.from), ">",
                    EscapedXml(budget.amount), "</value>\n    </budget>\n");
  for (const Transaction& transaction : activity.transactions)
    absl::StrAppend(&text, TransactionText(transaction));
  for (const std::string& parent : activity.parents)
    absl::StrAppend(&text, "    <related-activity", With("ref", parent), " type=\"1\"/>\n");
  for (const Indicator& indicator : activity.indicators) absl::StrAppend(&text, IndicatorText(indicator));
  return text + "  </iati-activity>\n";
}

}  // namespace fundtrail::iati

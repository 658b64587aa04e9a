// See read.h.
#include "ledger/iati/read.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/base/decimal.h"
#include "ledger/base/text.h"
#include "ledger/iati/mend.h"
#include "ledger/iati/xml.h"

namespace fundtrail::iati {
namespace {

constexpr int kMaxShownName = 60;

// The number of a code: 0 for anything that is none.
int CodeOf(std::string_view text) {
  int code = 0;
  return absl::SimpleAtoi(Abseil(text), &code) ? code : 0;
}

class Reader {
 public:
  StatusOr<Document> Read(std::string_view text) {
    FT_RETURN_IF_ERROR(ReadXml(
        text, [this](const Element& root) { return TakeRoot(root); },
        [this](Element&& child) { return TakeChild(child); }));
    return std::move(document_);
  }

 private:
  Status TakeRoot(const Element& root) {
    if (root.name != "iati-activities") {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", root.line, ": <", Escaped(ClipToWidth(root.name, kMaxShownName)),
                       "> is not <iati-activities>: this is no file of activities"));
    }
    document_.version = root.Attribute("version");
    if (document_.version != "2.01" && document_.version != "2.02" && document_.version != "2.03") {
      return absl::InvalidArgumentError(absl::StrCat("line ", root.line, ": the file is of version \"",
                                                     Escaped(ClipToWidth(document_.version, kMaxShownName)),
                                                     "\" of the standard, and 2.01 to 2.03 are read"));
    }
    return absl::OkStatus();
  }

  Status TakeChild(const Element& child) {
    if (child.name != "iati-activity") return absl::OkStatus();
    if (document_.activities.size() == kMaxActivities)
      return absl::InvalidArgumentError(
          absl::StrCat("line ", child.line, ": over ", kMaxActivities, " activities; split the file"));
    document_.activities.push_back(ReadActivity(child));
    const Activity& activity = document_.activities.back();
    transactions_ += activity.transactions.size();
    parts_ += activity.participants.size() + activity.budgets.size() + activity.parents.size() +
              activity.children.size() + activity.places.size() + activity.sectors.size() +
              activity.indicators.size();
    if (transactions_ > kMaxTransactions)
      return absl::InvalidArgumentError(
          absl::StrCat("line ", child.line, ": over ", kMaxTransactions, " transactions; split the file"));
    if (parts_ > kMaxParts)
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", child.line, ": over ", kMaxParts,
          " participants, budgets, related activities, places, sectors and indicators; split the file"));
    return absl::OkStatus();
  }

  std::string TextOf(std::string_view text, std::uint64_t line) {
    bool mended = false;
    std::string out = SingleLine(MendText(text, &mended));
    if (mended) document_.remarks.Add(line, RemarkKind::kMendedText, out);
    return out;
  }

  // An id: of an organisation, of an activity. None has blanks around it.
  std::string IdOf(std::string_view text, std::uint64_t line) {
    std::string out = TextOf(text, line);
    if (out.size() != text.size() && !out.empty() &&
        absl::StripAsciiWhitespace(Abseil(text)).size() != text.size())
      document_.remarks.Add(line, RemarkKind::kMendedId, out);
    return out;
  }

  // The text of its first narrative in the activity's own language, else of the first; "" where there is none.
  std::string Narrative(const Element* of) {
    if (of == nullptr) return "";
    const Element* first = nullptr;
    const Element* own = nullptr;
    for (const Element& child : of->children) {
      if (child.name != "narrative") continue;
      if (first == nullptr) first = &child;
      const std::string& language = child.Attribute("xml:lang");
      if (own == nullptr && (language.empty() || language == language_)) own = &child;
    }
    const Element* const chosen = own != nullptr ? own : first;
    return chosen == nullptr ? "" : TextOf(chosen->text, chosen->line);
  }

  Organisation ReadOrganisation(const Element& element, std::string_view activity_attribute) {
    Organisation organisation;
    organisation.line = element.line;
    organisation.ref = IdOf(element.Attribute("ref"), element.line);
    organisation.type = SingleLine(element.Attribute("type"));
    organisation.activity_id = IdOf(element.Attribute(activity_attribute), element.line);
    organisation.own_id = SingleLine(element.Attribute("ft:id"));
    organisation.role = SingleLine(element.Attribute("ft:role"));
    // The standard asks for one of who reports, also where there is none.
    if (organisation.ref == organisation.own_id) organisation.ref.clear();
    organisation.name = Narrative(&element);
    return organisation;
  }

  void ReadDates(const Element& element, Activity* activity) {
    std::string planned[2], actual[2];
    for (const Element& child : element.children) {
      if (child.name != "activity-date") continue;
      const int type = CodeOf(child.Attribute("type"));
      const std::string& day = child.Attribute("iso-date");
      if (type < 1 || type > 4 || !ParseDate(std::string_view(day).substr(0, 10)).ok()) continue;
      // 1 planned start, 2 actual start, 3 planned end, 4 actual end
      (type % 2 == 1 ? planned : actual)[type > 2 ? 1 : 0] = day.substr(0, 10);
    }
    activity->from = actual[0].empty() ? planned[0] : actual[0];
    activity->until = actual[1].empty() ? planned[1] : actual[1];
    if (!activity->from.empty() && !activity->until.empty() && activity->until < activity->from)
      activity->until.clear();
  }

  static std::string DayOf(const Element* element, std::string_view attribute) {
    return element == nullptr ? "" : element->Attribute(attribute);
  }

  void ReadMoney(const Element& element, Activity* activity) {
    Budget budget;
    budget.revised = CodeOf(element.Attribute("type")) == 2;
    budget.from = DayOf(element.Child("period-start"), "iso-date");
    budget.until = DayOf(element.Child("period-end"), "iso-date");
    const Element* const value = element.Child("value");
    if (value == nullptr) return;
    budget.amount = SingleLine(value->text);
    budget.currency = SingleLine(value->Attribute("currency"));
    if (budget.currency.empty()) budget.currency = activity->currency;
    activity->budgets.push_back(std::move(budget));
  }

  Transaction ReadTransaction(const Element& element, const Activity& activity) {
    Transaction transaction;
    transaction.line = element.line;
    transaction.number = static_cast<std::uint32_t>(activity.transactions.size()) + 1;
    transaction.ref = SingleLine(element.Attribute("ref"));
    transaction.fund = SingleLine(element.Attribute("ft:fund"));
    transaction.asset = SingleLine(element.Attribute("ft:asset"));
    transaction.decimals = SingleLine(element.Attribute("ft:decimals"));
    transaction.ledger_kind = SingleLine(element.Attribute("ft:kind"));
    transaction.returns = SingleLine(element.Attribute("ft:returns"));
    transaction.draws = absl::StrSplit(element.Attribute("ft:draws"), ' ', absl::SkipEmpty());
    if (!absl::SimpleAtoi(element.Attribute("ft:order"), &transaction.order)) transaction.order = 0;
    if (const Element* const type = element.Child("transaction-type")) {
      transaction.type = SingleLine(type->Attribute("code"));
      const int code = CodeOf(transaction.type);
      if (code >= 1 && code <= kTransactionTypes) transaction.kind = static_cast<TransactionType>(code);
    }
    transaction.date = DayOf(element.Child("transaction-date"), "iso-date");
    if (const Element* const value = element.Child("value")) {
      transaction.amount = SingleLine(value->text);
      transaction.currency = SingleLine(value->Attribute("currency"));
      if (transaction.date.empty() && !value->Attribute("value-date").empty()) {
        transaction.date = value->Attribute("value-date");
        document_.remarks.Add(element.line, RemarkKind::kNoDate, transaction.date);
      }
    }
    if (transaction.currency.empty()) {
      transaction.currency = activity.currency;
      transaction.currency_of_activity = true;
    }
    transaction.date = SingleLine(transaction.date);
    transaction.description = Narrative(element.Child("description"));
    if (const Element* const provider = element.Child("provider-org"))
      transaction.provider = ReadOrganisation(*provider, "provider-activity-id");
    if (const Element* const receiver = element.Child("receiver-org"))
      transaction.receiver = ReadOrganisation(*receiver, "receiver-activity-id");
    return transaction;
  }

  // "12.5" as 1,250 of 10,000; 0 for what is none.
  static std::uint32_t BasisPoints(const std::string& percentage) {
    const auto points = ParseDecimal(percentage, 2);
    return points.ok() && *points >= Amount(0) && *points <= Amount(10'000)
               ? static_cast<std::uint32_t>(points->value())
               : 0;
  }

  // A file that fundtrail wrote has parts that are no percentages of the standard.
  static std::uint32_t PartOf(const Element& element) {
    const std::string& own = element.Attribute("ft:percentage");
    return BasisPoints(own.empty() ? element.Attribute("percentage") : own);
  }

  void ReadPlace(const Element& element, Activity* activity) {
    NamedPlace place;
    place.line = element.line;
    place.own_id = SingleLine(element.Attribute("ft:id"));
    place.level = SingleLine(element.Attribute("ft:level"));
    if (element.name == "location") {
      place.code = IdOf(element.Attribute("ref"), element.line);
      place.name = Narrative(element.Child("name"));
      place.basis_points = PartOf(element);
      for (const char* const called : {"location-id", "administrative"}) {
        const Element* const id = element.Child(called);
        if (id == nullptr || !place.vocabulary.empty()) continue;
        place.vocabulary = SingleLine(id->Attribute("vocabulary"));
        place.code = IdOf(id->Attribute("code"), id->line);
      }
    } else {
      place.kind =
          element.name == "recipient-country" ? NamedPlace::Kind::kCountry : NamedPlace::Kind::kRegion;
      place.code = IdOf(element.Attribute("code"), element.line);
      place.vocabulary = SingleLine(element.Attribute("vocabulary"));
      place.name = Narrative(&element);
      place.basis_points = PartOf(element);
    }
    activity->places.push_back(std::move(place));
  }

  void ReadSector(const Element& element, Activity* activity) {
    Sector sector;
    sector.line = element.line;
    sector.own_id = SingleLine(element.Attribute("ft:id"));
    sector.code = IdOf(element.Attribute("code"), element.line);
    sector.vocabulary = SingleLine(element.Attribute("vocabulary"));
    if (sector.vocabulary.empty()) sector.vocabulary = "1";
    sector.name = Narrative(&element);
    sector.basis_points = PartOf(element);
    activity->sectors.push_back(std::move(sector));
  }

  // Of a result its indicators; of each the period that ends last, which has the whole of a target that grows.
  void ReadResult(const Element& result, Activity* activity) {
    for (const Element& element : result.children) {
      if (element.name != "indicator") continue;
      Indicator indicator;
      indicator.line = element.line;
      indicator.title = Narrative(element.Child("title"));
      indicator.unit = SingleLine(element.Attribute("ft:unit"));
      indicator.across_places = SingleLine(element.Attribute("ft:across-places"));
      indicator.across_periods = SingleLine(element.Attribute("ft:across-periods"));
      if (const Element* const baseline = element.Child("baseline"))
        indicator.baseline = SingleLine(baseline->Attribute("value"));
      for (const Element& period : element.children) {
        if (period.name != "period") continue;
        const std::string until = DayOf(period.Child("period-end"), "iso-date");
        const Element* const target = period.Child("target");
        if (target == nullptr || until < indicator.until) continue;
        indicator.until = until;
        indicator.from = DayOf(period.Child("period-start"), "iso-date");
        indicator.target = SingleLine(target->Attribute("value"));
        const Element* const actual = period.Child("actual");
        indicator.actual = actual == nullptr ? "" : SingleLine(actual->Attribute("value"));
      }
      if (!indicator.target.empty()) activity->indicators.push_back(std::move(indicator));
    }
  }

  void ReadRelated(const Element& element, Activity* activity) {
    const int type = CodeOf(element.Attribute("type"));
    const std::string id = IdOf(element.Attribute("ref"), element.line);
    if (id.empty()) return;
    if (type == 1) activity->parents.push_back(id);
    if (type == 2) activity->children.push_back(id);
  }

  Activity ReadActivity(const Element& element) {
    Activity activity;
    activity.line = element.line;
    language_ = element.Attribute("xml:lang");
    activity.currency = SingleLine(element.Attribute("default-currency"));
    activity.own_id = SingleLine(element.Attribute("ft:id"));
    const std::string& stands = element.Attribute("ft:stands");
    if (stands == "general") activity.stands = Stands::kGeneralMoney;
    if (stands == "programme") activity.stands = Stands::kProgramme;
    if (const Element* const id = element.Child("iati-identifier")) activity.id = IdOf(id->text, id->line);
    if (const Element* const reporting = element.Child("reporting-org"))
      activity.reporting = ReadOrganisation(*reporting, "");
    activity.title = Narrative(element.Child("title"));
    ReadDates(element, &activity);
    for (const Element& child : element.children) {
      if (child.name == "participating-org") {
        const int role = CodeOf(child.Attribute("role"));
        if (role < 1 || role > 4) continue;
        activity.participants.push_back(
            {ReadOrganisation(child, "activity-id"), static_cast<OrganisationRole>(role)});
      } else if (child.name == "budget") {
        ReadMoney(child, &activity);
      } else if (child.name == "recipient-country" || child.name == "recipient-region" ||
                 child.name == "location") {
        ReadPlace(child, &activity);
      } else if (child.name == "sector") {
        ReadSector(child, &activity);
      } else if (child.name == "result") {
        ReadResult(child, &activity);
      } else if (child.name == "related-activity") {
        ReadRelated(child, &activity);
      } else if (child.name == "transaction") {
        activity.transactions.push_back(ReadTransaction(child, activity));
      }
    }
    if (!activity.id.empty() && !activity.reporting.ref.empty() &&
        !absl::StartsWith(activity.id, absl::StrCat(activity.reporting.ref, "-")))
      document_.remarks.Add(activity.line, RemarkKind::kOwnId, activity.id);
    return activity;
  }

  Document document_;
  std::string language_;  // of the activity that is read
  std::size_t transactions_ = 0, parts_ = 0;
};

}  // namespace

StatusOr<Document> ReadActivities(std::string_view text) { return Reader().Read(text); }

}  // namespace fundtrail::iati

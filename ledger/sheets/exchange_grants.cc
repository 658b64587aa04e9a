// 360Giving: grants, of JSON or of CSV, as a table of payments. See exchange.h.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/exchange_row.h"
#include "ledger/sheets/json_items.h"

namespace fundtrail::sheets {
namespace {

constexpr std::string_view kCommitted = "committed";
constexpr std::string_view kPaid = "paid";

std::string Words(const JsonValue& value) { return std::string(value.words()); }

// The only item of a list of organisations, or the object itself. Of several, or none, nothing: nobody knows who got how much.
const JsonValue& OnlyOne(const JsonValue& value) {
  static const JsonValue kNone;
  if (value.is(JsonValue::Kind::kObject)) return value;
  return value.is(JsonValue::Kind::kList) && value.items.size() == 1 ? value.items.front() : kNone;
}

// A body without an id is called by its name.
void NameBodies(ExchangeRow* row) {
  if (row->from.empty()) row->from = row->from_name;
  if (row->to.empty()) row->to = row->to_name;
}

// Of a grant to a person the file may give a name. It is not taken (docs/privacy.md): the id stands for the person.
constexpr std::string_view kIndividual = "Individual recipient";

ExchangeRow AwardOf(const JsonValue& grant, const std::string& place) {
  ExchangeRow row;
  row.stage = kCommitted;
  row.place = place;
  row.id = Words(grant["id"]);
  row.reference = row.id;
  row.date = DayOf(grant["awardDate"].words());
  row.amount = Words(grant["amountAwarded"]);
  row.asset = Words(grant["currency"]);
  row.purpose = Words(grant["title"]);
  row.project_words = Words(OnlyOne(grant["grantProgramme"])["title"]);
  const JsonValue& funder = OnlyOne(grant["fundingOrganization"]);
  row.from = Words(funder["id"]);
  row.from_name = Words(funder["name"]);
  const JsonValue& recipient = OnlyOne(grant["recipientOrganization"]);
  row.to = Words(recipient["id"]);
  row.to_name = Words(recipient["name"]);
  if (row.to.empty() && row.to_name.empty() && grant["recipientOrganization"].items.empty()) {
    row.to = Words(grant["recipientIndividual"]["id"]);
    if (!row.to.empty()) row.to_name = kIndividual;
  }
  NameBodies(&row);
  return row;
}

// A disbursement says of itself what it does not share with its grant.
ExchangeRow DisbursementOf(const ExchangeRow& award, const JsonValue& paid, const std::string& place) {
  ExchangeRow row = award;
  row.stage = kPaid;
  row.place = place;
  row.id = Words(paid["id"]);
  row.reference = absl::StrCat(award.reference, row.id.empty() ? "" : " ", row.id);
  row.date = DayOf(paid["transactionDate"].words());
  if (row.date.empty()) row.date = DayOf(paid["valueDate"].words());
  row.amount = Words(paid["value"]);
  if (!paid["currency"].words().empty()) row.asset = Words(paid["currency"]);
  if (!paid["description"].words().empty()) row.purpose = Words(paid["description"]);
  const auto say = [&](const JsonValue& who, std::string* id, std::string* name) {
    if (who.words().empty() || who.words() == *id) return;
    *id = Words(who);
    name->clear();
  };
  say(paid["provider"], &row.from, &row.from_name);
  say(paid["recipient"], &row.to, &row.to_name);
  return row;
}

Status AddWithin(std::size_t most, const ExchangeRow& row, std::string* csv) {
  *csv += CsvOf(row);
  return csv->size() <= most ? absl::OkStatus()
                             : absl::InvalidArgumentError("the file has too many grants: split it");
}

StatusOr<std::string> FromJson(std::string_view text, std::size_t most) {
  std::string csv = ExchangeHeader();
  const auto take = [&](const std::string& place, const JsonValue& grant) -> Status {
    ExchangeRow award = AwardOf(grant, place);
    const auto& paid = grant["disbursementTransaction"].items;
    if (!paid.empty()) award.stage = "award with disbursements";
    FT_RETURN_IF_ERROR(AddWithin(most, award, &csv));
    for (std::size_t i = 0; i < paid.size(); ++i)
      FT_RETURN_IF_ERROR(AddWithin(
          most, DisbursementOf(award, paid[i], absl::StrCat(place, "/disbursementTransaction/", i)), &csv));
    return absl::OkStatus();
  };
  FT_ASSIGN_OR_RETURN(const bool found, EachJsonItem(text, "grants", take));
  if (!found) return absl::InvalidArgumentError("the file has no list grants");
  return csv;
}

// The titles of the standard's sheets, in any case, with or without the number of an only item: "Funding Org:0:Name".
class Titles {
 public:
  explicit Titles(const std::vector<std::string>& header) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      std::string title = absl::AsciiStrToLower(absl::StripAsciiWhitespace(header[i]));
      if (absl::StartsWith(title, "disbursement transaction:") ||
          absl::StartsWith(title, "disbursementtransaction"))
        disbursements_ = true;
      for (std::size_t body = 0; body < kBodies.size(); ++body)
        if (IsOfAnother(title, kBodies[body])) others_[body].push_back(i);
      const auto zero = title.find(":0:");
      if (zero != std::string::npos) title.erase(zero, 2);
      at_.emplace(title, i);
    }
  }
  bool disbursements() const { return disbursements_; }
  bool Has(const std::string& title) const { return at_.count(title) > 0; }
  std::string In(const CsvRecord& record, const std::string& title) const {
    const auto found = at_.find(title);
    return found == at_.end() || found->second >= record.fields.size() ? "" : record.fields[found->second];
  }
  // The body that the columns of that title name, where they name one alone.
  void Who(const CsvRecord& record, std::size_t body, std::string* id, std::string* name) const {
    for (const std::size_t at : others_[body])
      if (at < record.fields.size() && !record.fields[at].empty()) return;
    *id = In(record, std::string(kBodies[body]) + "identifier");
    *name = In(record, std::string(kBodies[body]) + "name");
  }

  static constexpr std::size_t kFunder = 0, kRecipient = 1;

 private:
  static constexpr std::array<std::string_view, 2> kBodies = {"funding org:", "recipient org:"};

  // "recipient org:1:name": a second body beside the first.
  static bool IsOfAnother(std::string_view title, std::string_view body) {
    if (title.substr(0, body.size()) != body) return false;
    title.remove_prefix(body.size());
    const std::string_view number = title.substr(0, title.find(':'));
    return number.size() < title.size() && !number.empty() && number != "0" &&
           std::all_of(number.begin(), number.end(), absl::ascii_isdigit);
  }

  std::map<std::string, std::size_t> at_;
  std::array<std::vector<std::size_t>, kBodies.size()> others_;  // columns of further bodies
  bool disbursements_ = false;
};

StatusOr<std::string> FromCsv(std::string_view text, std::size_t most) {
  FT_ASSIGN_OR_RETURN(CsvReader reader, CsvReader::Open(text, FindSeparator(text), Cells::kGuarded));
  const Titles titles(reader.header());
  for (const char* needed : {"identifier", "amount awarded", "award date", "currency"}) {
    if (!titles.Has(needed))
      return absl::InvalidArgumentError(
          absl::StrCat("there is no column \"", needed, "\", which a sheet of 360Giving has"));
  }
  if (titles.disbursements())
    return absl::InvalidArgumentError(
        "the sheet has columns of disbursements, and only the JSON says which belong together: import that");
  std::string csv = ExchangeHeader();
  CsvRecord record;
  while (reader.Next(&record)) {
    if (reader.unterminated()) return Annotate(record.status, absl::StrCat("line ", record.line));
    ExchangeRow row;
    row.stage = kCommitted;
    row.place = absl::StrCat("line ", record.line);
    row.id = titles.In(record, "identifier");
    row.reference = row.id;
    row.date = DayOf(titles.In(record, "award date"));
    row.amount = titles.In(record, "amount awarded");
    row.asset = titles.In(record, "currency");
    row.purpose = titles.In(record, "title");
    row.project_words = titles.In(record, "grant programme:title");
    titles.Who(record, Titles::kFunder, &row.from, &row.from_name);
    titles.Who(record, Titles::kRecipient, &row.to, &row.to_name);
    if (row.to.empty() && row.to_name.empty()) {
      row.to = titles.In(record, "recipient ind:identifier");
      if (!row.to.empty()) row.to_name = kIndividual;
    }
    NameBodies(&row);
    // A row that cannot be read has no amount: the import rejects it, with its line.
    if (!record.status.ok()) row.amount.clear();
    FT_RETURN_IF_ERROR(AddWithin(most, row, &csv));
  }
  return csv;
}

}  // namespace

StatusOr<std::string> GrantsToCsv(std::string_view text, std::size_t most) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  return json ? FromJson(text, most) : FromCsv(text, most);
}

}  // namespace fundtrail::sheets

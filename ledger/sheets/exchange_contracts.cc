// OCDS: the transactions of contracts, of releases or records, as a table of payments. See exchange.h.
//
// A file may tell one contract in many releases, each with the transactions so far. The last release that has a transaction, by its
// date, says what is known of it. Dates are compared as texts, as they are written.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/sheets/exchange_row.h"
#include "ledger/sheets/json_items.h"

namespace fundtrail::sheets {
namespace {

constexpr std::size_t kMaxTransactions = 2'000'000;  // in one file
constexpr std::size_t kMaxReleaseDate = 40;          // of a date that is kept to be compared
constexpr std::string_view kAgain = "said again in a later release";
constexpr std::string_view kElsewhere = "release elsewhere";
constexpr std::string_view kWithout = "contract without transactions";
constexpr std::string_view kSigned = "signed contract without transactions";

std::string Said(const JsonValue& value) { return std::string(value.words()); }

class Contracts {
 public:
  explicit Contracts(std::size_t most) : most_(most) {}

  Status Release(const std::string& place, const JsonValue& release) {
    // A record may name a release by its address alone.
    const bool linked = release["ocid"].words().empty() && !release["url"].words().empty();
    if (!release.is(JsonValue::Kind::kObject) || linked) return Elsewhere(place, Said(release["url"]));
    ++releases_;
    std::map<std::string, std::string> names;
    for (const JsonValue& party : release["parties"].items)
      if (!Said(party["id"]).empty()) names.emplace(Said(party["id"]), Said(party["name"]));
    const auto& contracts = release["contracts"].items;
    for (std::size_t i = 0; i < contracts.size(); ++i)
      FT_RETURN_IF_ERROR(Contract(absl::StrCat(place, "/contracts/", i), release, contracts[i], names));
    return absl::OkStatus();
  }

  // What is told where the file does not reach: counted, and left out.
  Status Elsewhere(const std::string& place, const std::string& url) {
    Line line;
    line.row.stage = kElsewhere;
    line.row.place = place;
    line.row.reference = url;
    return Push(std::move(line));
  }

  std::string Csv() const {
    std::string csv = ExchangeHeader();
    for (const Line& line : lines_) {
      if (line.contract.has_value() && paid_.count(*line.contract) > 0) continue;  // told with them elsewhere
      csv += CsvOf(line.row);
    }
    return csv;
  }

 private:
  using ContractId = std::pair<std::string, std::string>;  // the process, and the contract in it

  struct Line {
    ExchangeRow row;
    std::optional<ContractId> contract;  // of one that tells of no payment
  };
  // The lines of one transaction in the release that counts. There are several where that release has the id several times.
  struct Latest {
    std::uint64_t release = 0;
    std::string released;  // when it was made
    std::vector<std::size_t> lines;
  };

  static std::string NameOf(const ContractId& id) { return absl::StrCat(id.first, " ", id.second); }

  Status Contract(const std::string& place, const JsonValue& release, const JsonValue& contract,
                  const std::map<std::string, std::string>& names) {
    const ContractId id(Said(release["ocid"]), Said(contract["id"]));
    const auto& paid = contract["implementation"]["transactions"].items;
    if (paid.empty()) return Without(place, id, release, contract, names);
    paid_.insert(id);
    const std::string released(release["date"].words().substr(0, kMaxReleaseDate));
    for (std::size_t i = 0; i < paid.size(); ++i) {
      Line line;
      line.row = Transaction(absl::StrCat(place, "/implementation/transactions/", i), NameOf(id), contract,
                             paid[i], names);
      FT_RETURN_IF_ERROR(Add(std::move(line), id, Said(paid[i]["id"]), released));
    }
    return absl::OkStatus();
  }

  static ExchangeRow Transaction(const std::string& place, const std::string& id, const JsonValue& contract,
                                 const JsonValue& paid, const std::map<std::string, std::string>& names) {
    ExchangeRow row;
    row.stage = "paid";
    row.place = place;
    row.id = id;
    row.date = DayOf(paid["date"].words());
    // Version 1.0 of the standard had other names.
    const JsonValue& value = paid["value"].is(JsonValue::Kind::kObject) ? paid["value"] : paid["amount"];
    row.amount = Said(value["amount"]);
    row.asset = Said(value["currency"]);
    Who(paid["payer"], paid["providerOrganization"], names, &row.from, &row.from_name);
    Who(paid["payee"], paid["receiverOrganization"], names, &row.to, &row.to_name);
    row.purpose = Said(contract["title"]);
    row.reference = absl::StrCat(id, " ", Said(paid["id"]));
    row.project_words = Said(contract["id"]);
    return row;
  }

  static void Who(const JsonValue& party, const JsonValue& before,
                  const std::map<std::string, std::string>& names, std::string* id, std::string* name) {
    *id = Said(party["id"]);
    *name = Said(party["name"]);
    if (id->empty() && name->empty()) {
      *id = Said(before["id"]);
      *name = Said(before["legalName"]);
    }
    const auto known = names.find(*id);
    if (name->empty() && known != names.end()) *name = known->second;
    if (id->empty()) *id = *name;
  }

  // A contract that tells of no payment. Once, however many releases tell of it: as the last of them does.
  Status Without(const std::string& place, const ContractId& id, const JsonValue& release,
                 const JsonValue& contract, const std::map<std::string, std::string>& names) {
    const std::string released(release["date"].words().substr(0, kMaxReleaseDate));
    Line line;
    if (IsWhole(id)) line.contract = id;
    line.row.stage = kWithout;
    line.row.place = place;
    line.row.id = NameOf(id);
    line.row.reference = line.row.id;
    line.row.date = DayOf(contract["dateSigned"].words());
    line.row.amount = Said(contract["value"]["amount"]);
    line.row.asset = Said(contract["value"]["currency"]);
    line.row.purpose = Said(contract["title"]);
    line.row.project_words = id.second;
    Who(release["buyer"], JsonValue(), names, &line.row.from, &line.row.from_name);
    const JsonValue* const supplier = SupplierOf(release, Said(contract["awardID"]));
    if (supplier != nullptr) Who(*supplier, JsonValue(), names, &line.row.to, &line.row.to_name);
    // What is promised is clear: who promised how much to whom, and on which day.
    const ExchangeRow& row = line.row;
    const bool signed_ = contract["status"].words() == "active" && !row.date.empty() && !row.from.empty() &&
                         !row.to.empty() && IsAboveZero(row.amount) && !row.asset.empty();
    if (signed_ && IsWhole(id)) line.row.stage = kSigned;
    if (!IsWhole(id)) return Push(std::move(line));
    const auto [at, is_new] = without_.try_emplace(id, released, lines_.size());
    if (is_new) return Push(std::move(line));
    auto& [newest, number] = at->second;
    if (released < newest) return absl::OkStatus();
    newest = released;
    bytes_ -= CsvOf(lines_[number].row).size();
    bytes_ += CsvOf(line.row).size();
    lines_[number] = std::move(line);
    return bytes_ <= most_ ? absl::OkStatus() : TooMuch();
  }

  // Frameworks are signed at a value of 0: nothing is promised by them.
  static bool IsAboveZero(const std::string& amount) {
    return !amount.starts_with('-') && amount.find_first_of("123456789") < amount.find_first_of("eE");
  }

  // Who won the award; null where nobody did, or several did: then nobody says who gets how much.
  static const JsonValue* SupplierOf(const JsonValue& release, const std::string& award) {
    const JsonValue* of = nullptr;
    for (const JsonValue& one : release["awards"].items) {
      if (award.empty() || one["id"].words() != award) continue;
      const auto& suppliers = one["suppliers"].items;
      if (of != nullptr || suppliers.size() != 1) return nullptr;
      of = &suppliers.front();
    }
    return of;
  }

  static Status TooMuch() {
    return absl::InvalidArgumentError("the file has too many transactions, or too long ones: split it");
  }

  Status Push(Line line) {
    if (lines_.size() >= kMaxTransactions)
      return absl::InvalidArgumentError(
          absl::StrCat("the file has over ", kMaxTransactions, " transactions: split it"));
    bytes_ += CsvOf(line.row).size();
    if (bytes_ > most_) return TooMuch();
    lines_.push_back(std::move(line));
    return absl::OkStatus();
  }

  static bool IsWhole(const ContractId& id) { return !id.first.empty() && !id.second.empty(); }

  // One of which an id is missing cannot be told from another, and neither can two of one release: each counts.
  Status Add(Line line, const ContractId& id, const std::string& transaction, const std::string& released) {
    if (!IsWhole(id) || transaction.empty()) return Push(std::move(line));
    const auto [at, is_new] = latest_.try_emplace(std::pair(id, transaction));
    Latest& latest = at->second;
    if (is_new || latest.release != releases_) {
      if (!is_new && released < latest.released) {
        line.row.stage = kAgain;
        return Push(std::move(line));
      }
      for (const std::size_t old : latest.lines) lines_[old].row.stage = kAgain;
      latest = {releases_, released, {}};
    }
    FT_RETURN_IF_ERROR(Push(std::move(line)));
    latest.lines.push_back(lines_.size() - 1);
    return absl::OkStatus();
  }

  std::vector<Line> lines_;
  const std::size_t most_;
  std::size_t bytes_ = 0;       // of the table that they become
  std::uint64_t releases_ = 0;  // so far: the number of the one that is read
  std::map<std::pair<ContractId, std::string>, Latest> latest_;
  std::set<ContractId> paid_;  // contracts with transactions
  // Those that are told without: when the release was made that counts, and the line.
  std::map<ContractId, std::pair<std::string, std::size_t>> without_;
};

// A record has what its releases come to, or the releases themselves.
Status Record(const std::string& place, const JsonValue& record, Contracts* contracts) {
  if (record["compiledRelease"].is(JsonValue::Kind::kObject))
    return contracts->Release(place + "/compiledRelease", record["compiledRelease"]);
  const auto& releases = record["releases"].items;
  if (releases.empty()) return contracts->Elsewhere(place, "");
  for (std::size_t i = 0; i < releases.size(); ++i)
    FT_RETURN_IF_ERROR(contracts->Release(absl::StrCat(place, "/releases/", i), releases[i]));
  return absl::OkStatus();
}

}  // namespace

StatusOr<std::string> ContractsToCsv(std::string_view text, std::size_t most) {
  Contracts contracts(most);
  FT_ASSIGN_OR_RETURN(const bool released,
                      EachJsonItem(text, "releases", [&](const std::string& place, const JsonValue& release) {
                        return contracts.Release(place, release);
                      }));
  FT_ASSIGN_OR_RETURN(const bool recorded,
                      EachJsonItem(text, "records", [&](const std::string& place, const JsonValue& record) {
                        return Record(place, record, &contracts);
                      }));
  if (!released && !recorded)
    return absl::InvalidArgumentError(
        "the file has no list releases, and no list records: is it a package of OCDS?");
  return contracts.Csv();
}

}  // namespace fundtrail::sheets

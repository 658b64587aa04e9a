// OCDS: the transactions of contracts, of releases or records, as a table of payments. See exchange.h.
//
// A file may tell one contract in many releases, each with the transactions so far. The last release that has a transaction, by its
// date, says what is known of it.
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/sheets/exchange_row.h"
#include "ledger/sheets/json_items.h"

namespace fundtrail::sheets {
namespace {

constexpr std::size_t kMaxTransactions = 2'000'000;  // in one file, each a few hundred bytes
constexpr std::string_view kAgain = "said again in a later release";

std::string Said(const JsonValue& value) { return std::string(value.words()); }

class Contracts {
 public:
  Status Release(const std::string& place, const JsonValue& release) {
    std::map<std::string, std::string> names;
    for (const JsonValue& party : release["parties"].items)
      names.emplace(Said(party["id"]), Said(party["name"]));
    const auto& contracts = release["contracts"].items;
    for (std::size_t i = 0; i < contracts.size(); ++i)
      FT_RETURN_IF_ERROR(Contract(absl::StrCat(place, "/contracts/", i), release, contracts[i], names));
    return absl::OkStatus();
  }

  std::string Csv() {
    std::string csv = ExchangeHeader();
    for (Line& line : lines_) {
      if (line.contract && paid_.count(line.row.id) > 0) continue;  // a later release has its transactions
      csv += CsvOf(line.row);
    }
    return csv;
  }

 private:
  struct Line {
    ExchangeRow row;
    std::string released;  // when its release was made
    bool contract = false;
  };

  Status Contract(const std::string& place, const JsonValue& release, const JsonValue& contract,
                  const std::map<std::string, std::string>& names) {
    const std::string id = absl::StrCat(Said(release["ocid"]), " ", Said(contract["id"]));
    const auto& paid = contract["implementation"]["transactions"].items;
    if (paid.empty()) return Without(place, id, release, contract);
    paid_.emplace(id, true);
    for (std::size_t i = 0; i < paid.size(); ++i) {
      Line line;
      line.released = Said(release["date"]);
      line.row =
          Transaction(absl::StrCat(place, "/implementation/transactions/", i), id, contract, paid[i], names);
      FT_RETURN_IF_ERROR(Add(std::move(line), Said(paid[i]["id"])));
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

  // A contract that tells of no payment: it is counted, and left out. Once, however many releases tell of it.
  Status Without(const std::string& place, const std::string& id, const JsonValue& release,
                 const JsonValue& contract) {
    Line line;
    line.contract = true;
    line.row.stage = "contract without transactions";
    line.row.place = place;
    line.row.id = id;
    line.row.reference = id;
    line.row.date = DayOf(contract["dateSigned"].words());
    line.row.amount = Said(contract["value"]["amount"]);
    line.row.asset = Said(contract["value"]["currency"]);
    line.row.from = Said(release["buyer"]["id"]);
    line.row.from_name = Said(release["buyer"]["name"]);
    if (!without_.emplace(id, true).second) return absl::OkStatus();
    return Push(std::move(line));
  }

  Status Push(Line line) {
    if (lines_.size() >= kMaxTransactions)
      return absl::InvalidArgumentError(
          absl::StrCat("the file has over ", kMaxTransactions, " transactions: split it"));
    lines_.push_back(std::move(line));
    return absl::OkStatus();
  }

  // One that has no id cannot be told from another: each counts.
  Status Add(Line line, const std::string& transaction) {
    const auto key = std::pair(line.row.id, transaction);
    const auto before = transaction.empty() ? latest_.end() : latest_.find(key);
    if (before != latest_.end()) {
      Line& old = lines_[before->second];
      if (line.released < old.released) {
        line.row.stage = kAgain;
        return Push(std::move(line));
      }
      old.row.stage = kAgain;
    }
    FT_RETURN_IF_ERROR(Push(std::move(line)));
    if (!transaction.empty()) latest_[key] = lines_.size() - 1;
    return absl::OkStatus();
  }

  std::vector<Line> lines_;
  std::map<std::pair<std::string, std::string>, std::size_t>
      latest_;                                  // the line of each transaction, by contract and id
  std::map<std::string, bool> paid_, without_;  // contracts with transactions, and told without
};

// A record has what its releases come to, or the releases themselves.
Status Record(const std::string& place, const JsonValue& record, Contracts* contracts) {
  if (record["compiledRelease"].is(JsonValue::Kind::kObject))
    return contracts->Release(place + "/compiledRelease", record["compiledRelease"]);
  const auto& releases = record["releases"].items;
  for (std::size_t i = 0; i < releases.size(); ++i)
    FT_RETURN_IF_ERROR(contracts->Release(absl::StrCat(place, "/releases/", i), releases[i]));
  return absl::OkStatus();
}

}  // namespace

StatusOr<std::string> ContractsToCsv(std::string_view text) {
  Contracts contracts;
  Status read = EachJsonItem(text, "releases", [&](const std::string& place, const JsonValue& release) {
    return contracts.Release(place, release);
  });
  if (!read.ok() && absl::StrContains(read.message(), "has no list")) {
    read = EachJsonItem(text, "records", [&](const std::string& place, const JsonValue& record) {
      return Record(place, record, &contracts);
    });
    if (!read.ok() && absl::StrContains(read.message(), "has no list"))
      return absl::InvalidArgumentError(
          "the file has no list releases, and no list records: is it a package of OCDS?");
  }
  FT_RETURN_IF_ERROR(read);
  return contracts.Csv();
}

}  // namespace fundtrail::sheets

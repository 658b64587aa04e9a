// See keys.h.
#include "cli/render/keys.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/base/bytes.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::render {

namespace {

// What the grant lets the key do.
Shown MayDo(const v1::KeyLine& line, std::uint32_t root_threshold) {
  if (line.root() && root_threshold == 1) return "everything, by itself";
  if (line.root()) return Say("everything, with {} root keys together", root_threshold);
  std::vector<std::string> words;
  words.reserve(static_cast<std::size_t>(line.permissions_size()));
  for (const int permission : line.permissions())
    words.push_back(absl::AsciiStrToLower(model::WordOf(static_cast<v1::Permission>(permission))));
  const Shown may = OwnWord(absl::StrJoin(words, ", "));
  return line.descendants() ? Say("{}; and for all parties below", may) : may;
}

// Grants of one key or several. The record that took one back is shown where there is one.
Shown GrantsText(const google::protobuf::RepeatedPtrField<v1::KeyLine>& grants, bool of_one,
                 std::uint32_t root_threshold, const Style& style) {
  const bool revoked =
      std::any_of(grants.begin(), grants.end(), [](const v1::KeyLine& line) { return line.has_revoked(); });
  std::vector<Column> columns;
  if (!of_one) columns.push_back({"public key", false, true});
  columns.push_back({"record", true});
  if (revoked) columns.push_back({"taken back", true});
  columns.insert(columns.end(), {{"party", false, true}, {"may"}});
  Table table(columns);
  for (const v1::KeyLine& line : grants) {
    std::vector<Cell> cells;
    if (!of_one) cells.emplace_back(HexEncode(line.public_key()));
    cells.emplace_back(std::to_string(line.record()));
    if (revoked) cells.emplace_back(line.has_revoked() ? std::to_string(line.revoked()) : std::string());
    cells.emplace_back(line.party());
    cells.emplace_back(MayDo(line, root_threshold));
    table.Add(std::move(cells));
  }
  return table.Text(style);
}

}  // namespace

Shown Text(const v1::KeyAnswer& answer, const Style& style, bool continued) {
  const Shown heading =
      answer.has_as_of_record() ? Say("As of record {}:\n", answer.as_of_record()) : Shown();
  if (answer.keys().empty() && !continued && answer.next().empty())
    return heading + "There is no such grant.\n" + AsOf(answer.as_of(), style);
  return heading + GrantsText(answer.keys(), false, answer.root_threshold(), style) +
         CountThen({"grant of a key", "grants of keys"}, answer.keys_size(), answer, continued) +
         AsOf(answer.as_of(), style);
}

Shown Text(const v1::KeyHistory& history, const Style& style) {
  Shown text = Toned(style, Tone::kBold, Say("Key {}", HexEncode(history.public_key()))) + "\n";
  text += history.grants().empty() ? Shown("It never had a grant.\n")
                                   : GrantsText(history.grants(), true, history.root_threshold(), style);
  const bool in_force = std::any_of(history.grants().begin(), history.grants().end(),
                                    [](const v1::KeyLine& line) { return !line.has_revoked(); });
  if (!history.grants().empty() && !in_force) text += "No grant is in force.\n";
  text += history.records() == 0 ? Shown("It signed no record.\n")
                                 : Say("Records that it signed: {}, the first is {}, the last is {}.\n",
                                       history.records(), history.first(), history.last());
  return text + AsOf(history.as_of(), style);
}

Shown Text(const v1::LedgerKeyAnswer& answer, const Style& style) {
  if (answer.keys().empty())
    return Say("The ledger's key was never rotated; its ID is {}.\n", answer.key_id());
  Table table({{"signs from record", true}, {"endorsed"}, {"vkey"}});
  for (const auto& line : answer.keys())
    table.Add({std::to_string(line.record()),
               line.endorsed()      ? "yes"
               : line.record() == 0 ? ""
                                    : "no",
               line.vkey()});
  return table.Text(style) + CountText({"key", "keys"}, {static_cast<std::uint64_t>(answer.keys_size())}) +
         AsOf(answer.as_of(), style);
}

std::string KeysCsvHeader() {
  return CsvTitles({"public_key", "party", "permissions", "descendants", "root_key", "record", "revoked"});
}

std::string KeysCsvLines(const google::protobuf::RepeatedPtrField<v1::KeyLine>& keys,
                         const v1::CheckpointRef& as_of, sheets::Cells cells) {
  std::string text;
  for (const v1::KeyLine& line : keys) {
    std::vector<std::string> permissions;
    for (const int permission : line.permissions())
      permissions.push_back(absl::AsciiStrToLower(model::WordOf(static_cast<v1::Permission>(permission))));
    text += CsvRow({HexEncode(line.public_key()), line.party(), absl::StrJoin(permissions, "; "),
                    line.descendants() ? "true" : "false", line.root() ? "true" : "false",
                    std::to_string(line.record()), line.has_revoked() ? std::to_string(line.revoked()) : ""},
                   as_of, cells);
  }
  return text;
}

std::string LedgerKeysCsv(const v1::LedgerKeyAnswer& answer, sheets::Cells cells) {
  std::string text = CsvTitles({"record", "public_key", "vkey", "endorsed"});
  for (const v1::LedgerKeyLine& line : answer.keys()) {
    text += CsvRow({std::to_string(line.record()), HexEncode(line.public_key()), line.vkey(),
                    line.endorsed() ? "true" : "false"},
                   answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render

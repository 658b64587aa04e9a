// See rows.h.
#include "ledger/sheets/rows.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <future>
#include <limits>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/parallel.h"
#include "ledger/sheets/row_decoder.h"
#include "ledger/sheets/row_order.h"

namespace fundtrail::sheets {
namespace {

// The keys are hashes already.
struct KeyHasher {
  std::size_t operator()(const TextKey& key) const {
    std::size_t hash = 0;
    std::memcpy(&hash, key.data(), sizeof hash);
    return hash;
  }
};

// What the whole file says about one party.
struct PartyFacts {
  bool pays = false;
  PartyRole role = PartyRole::kAuto;
  std::uint8_t strength = 0;
};

struct IndexedRow {
  std::uint32_t offset = 0;  // a file is at most 1 GiB
  std::uint32_t line = 0;
  std::int32_t date = 0;
};

constexpr std::int32_t kUnreadable = std::numeric_limits<std::int32_t>::max();

// What the index needs of a record: by itself, so that many are read at once.
struct Scanned {
  std::optional<std::size_t> skipped_by;
  std::int32_t date = kUnreadable;
  RoleWord from, to;
  std::optional<TextKey> row_id;
  std::vector<TextKey> draws;
};

// Records that are read on all cores at once: at most so many, or of about so many bytes. Fewer than kFew are not worth a thread.
constexpr std::size_t kBlock = 4096, kBlockBytes = std::size_t{4} << 20, kFew = 512;

// So many rows are decoded together, and as many ahead of whoever reads them, by another thread. Of rows with large cells fewer: a record
// may have 32 MiB.
constexpr std::size_t kAhead = 256, kAheadBytes = std::size_t{1} << 20;

// Rows that are decoded, one after the other in processing order.
struct Block {
  struct Decoded {
    CsvRecord record;
    StatusOr<Row> row = absl::UnknownError("not decoded");
  };
  std::size_t first = 0;
  std::vector<Decoded> rows;

  bool Has(std::size_t i) const { return i >= first && i - first < rows.size(); }
  const Decoded& At(std::size_t i) const { return rows[i - first]; }
};

}  // namespace

struct RowReader::Parts {
  explicit Parts(ImportMap the_map, CsvReader the_csv) : map(std::move(the_map)), csv(std::move(the_csv)) {}

  Status Index(const std::vector<std::uint64_t>& lines);
  Scanned Scan(const CsvRecord& read) const;
  void Take(const CsvRecord& read, const Scanned& scanned);
  void Note(const RoleWord& word, bool pays);
  void Order();
  void SetRole(const RoleWord& word, RowParty* party) const;
  // The rows from that one on, at most so many, or of about kAheadBytes: one at least. By one thread at a time.
  Block Decode(std::size_t first, std::size_t count);
  StatusOr<Row> DecodeRow(const CsvRecord& read);
  const Block::Decoded& At(std::size_t i);
  RawRow Raw(std::size_t i);
  void WaitForNext();
  void GoOnAt(Block there);

  const ImportMap map;
  CsvReader csv;
  std::unique_ptr<RowDecoder> decoder;
  PartyIds party_ids;
  std::vector<IndexedRow> rows;
  std::uint64_t records = 0;
  std::vector<SkipCount> skipped;
  std::unordered_map<TextKey, PartyFacts, KeyHasher> parties;
  Block block;                    // where rows are read
  Block again;                    // the one that was read again, from before
  std::optional<Block> next;      // after `block`, when it has come
  std::future<Block> is_decoded;  // what `next` will be; it uses csv and party_ids until then
  // Only while the index is built.
  std::unordered_map<TextKey, std::uint32_t, KeyHasher> by_row_id;
  std::vector<std::pair<std::uint32_t, TextKey>> draws;
};

void RowReader::Parts::Note(const RoleWord& word, bool pays) {
  PartyFacts& facts = parties[word.party];
  facts.pays = facts.pays || pays;
  if (word.strength > facts.strength) {
    facts.role = word.role;
    facts.strength = word.strength;
  }
}

Scanned RowReader::Parts::Scan(const CsvRecord& read) const {
  Scanned scanned;
  if (!read.status.ok()) return scanned;
  scanned.skipped_by = decoder->SkippedBy(read.fields);
  if (scanned.skipped_by.has_value()) return scanned;
  const StatusOr<DecodedRow> decoded = decoder->Decode(read.line, read.fields, nullptr);
  if (!decoded.ok()) return scanned;
  scanned.date = decoded->row.date.days();
  scanned.from = decoded->from;
  scanned.to = decoded->to;
  if (!decoded->row.row_id.empty()) scanned.row_id = decoder->KeyOf(decoded->row.row_id);
  for (const std::string& draw : decoded->row.draws) scanned.draws.push_back(decoder->KeyOf(draw));
  return scanned;
}

void RowReader::Parts::Take(const CsvRecord& read, const Scanned& scanned) {
  ++records;
  if (scanned.skipped_by.has_value()) {
    ++skipped[*scanned.skipped_by].rows;
    return;
  }
  if (scanned.date != kUnreadable) {
    Note(scanned.from, true);
    Note(scanned.to, false);
    const auto number = static_cast<std::uint32_t>(rows.size());
    if (scanned.row_id.has_value()) by_row_id.emplace(*scanned.row_id, number);
    for (const TextKey& draw : scanned.draws) draws.emplace_back(number, draw);
  }
  rows.push_back(
      {static_cast<std::uint32_t>(read.offset), static_cast<std::uint32_t>(read.line), scanned.date});
}

void RowReader::Parts::Order() {
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  if (map.by_date) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return rows[a].date < rows[b].date; });
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> needs;
  for (const auto& [row, draw] : draws) {
    const auto drawn = by_row_id.find(draw);
    if (drawn != by_row_id.end()) needs.emplace_back(row, drawn->second);
  }
  by_row_id = {};
  draws = {};
  order = OrderByNeeds(std::move(order), needs);
  std::vector<IndexedRow> ordered;
  ordered.reserve(rows.size());
  for (const std::uint32_t i : order) ordered.push_back(rows[i]);
  rows = std::move(ordered);
}

Status RowReader::Parts::Index(const std::vector<std::uint64_t>& lines) {
  for (const Condition& condition : map.skip) skipped.push_back({Describe(condition), 0});
  if (!map.only.empty()) skipped.push_back({"not among the rows to take", 0});
  for (bool more = true; more;) {
    std::vector<CsvRecord> batch;
    while (batch.size() < kBlock && (batch.empty() || batch.back().offset - batch[0].offset < kBlockBytes)) {
      CsvRecord read;
      more = csv.Next(&read);
      if (!more) break;
      // A record is sought by its offset, and has the line that goes with it.
      const std::size_t number = records + batch.size();
      if (number < lines.size()) read.line = lines[number];
      if (csv.unterminated()) return Annotate(read.status, absl::StrCat("line ", read.line));
      batch.push_back(std::move(read));
    }
    std::vector<Scanned> scanned(batch.size());
    const auto scan = [&](std::size_t i) { scanned[i] = Scan(batch[i]); };
    if (batch.size() >= kFew) {
      OnAllCores(batch.size(), scan);
    } else {
      for (std::size_t i = 0; i < batch.size(); ++i) scan(i);
    }
    for (std::size_t i = 0; i < batch.size(); ++i) Take(batch[i], scanned[i]);
  }
  Order();
  return absl::OkStatus();
}

void RowReader::Parts::SetRole(const RoleWord& word, RowParty* party) const {
  const auto found = parties.find(word.party);
  assert(found != parties.end());
  party->role = found->second.role;
  if (party->role != PartyRole::kAuto) return;
  party->role_inferred = !found->second.pays;
  party->role = found->second.pays ? PartyRole::kHolder : PartyRole::kRecipient;
}

Block RowReader::Parts::Decode(std::size_t first, std::size_t count) {
  Block decoded;
  decoded.first = first;
  const std::size_t end = first + std::min(count, rows.size() - first);
  for (std::size_t bytes = 0; first < end && bytes < kAheadBytes; ++first) {
    auto& [record, row] = decoded.rows.emplace_back();
    csv.Seek(rows[first].offset, rows[first].line);
    const bool found = csv.Next(&record);
    assert(found);
    static_cast<void>(found);
    row = DecodeRow(record);
    for (const std::string& field : record.fields) bytes += field.size();
  }
  return decoded;
}

StatusOr<Row> RowReader::Parts::DecodeRow(const CsvRecord& read) {
  FT_RETURN_IF_ERROR(read.status);
  FT_ASSIGN_OR_RETURN(DecodedRow decoded, decoder->Decode(read.line, read.fields, &party_ids));
  SetRole(decoded.from, &decoded.row.from);
  SetRole(decoded.to, &decoded.row.to);
  if (read.guards > 0) decoded.row.changes.insert(Change::kGuard);
  return std::move(decoded.row);
}

const Block::Decoded& RowReader::Parts::At(std::size_t i) {
  assert(i < rows.size());
  if (block.Has(i)) return block.At(i);
  if (again.Has(i)) return again.At(i);
  WaitForNext();
  if (next.has_value() && next->Has(i)) {
    GoOnAt(*std::exchange(next, std::nullopt));
    return block.At(i);
  }
  if (i < block.first) {
    again = Decode(i, 1);
    return again.At(i);
  }
  next.reset();
  GoOnAt(Decode(i, kAhead));
  return block.At(i);
}

// Of a row that is not at hand the record is read again, and not decoded.
RawRow RowReader::Parts::Raw(std::size_t i) {
  for (const Block* each : {&block, &again})
    if (each->Has(i)) return {each->At(i).record.line, each->At(i).record.fields};
  WaitForNext();
  CsvRecord record;
  csv.Seek(rows[i].offset, rows[i].line);
  const bool found = csv.Next(&record);
  assert(found);
  static_cast<void>(found);
  return {record.line, std::move(record.fields)};
}

// Nobody else uses csv and party_ids from here on.
void RowReader::Parts::WaitForNext() {
  if (is_decoded.valid()) next = is_decoded.get();
}

void RowReader::Parts::GoOnAt(Block there) {
  block = std::move(there);
  const std::size_t end = block.first + block.rows.size();
  if (end < rows.size())
    is_decoded = std::async(std::launch::async, [this, end] { return Decode(end, kAhead); });
}

RowReader::RowReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RowReader::RowReader(RowReader&&) noexcept = default;
RowReader& RowReader::operator=(RowReader&&) noexcept = default;
RowReader::~RowReader() = default;

StatusOr<RowReader> RowReader::Open(std::string_view text, ImportMap map, Cells cells,
                                    const std::vector<std::uint64_t>& lines) {
  FT_ASSIGN_OR_RETURN(CsvReader csv,
                      CsvReader::Open(text, map.separator.value_or(FindSeparator(text)), cells));
  auto parts = std::make_unique<Parts>(std::move(map), std::move(csv));
  FT_ASSIGN_OR_RETURN(RowDecoder decoder, RowDecoder::Make(&parts->map, parts->csv.header()));
  parts->decoder = std::make_unique<RowDecoder>(std::move(decoder));
  FT_RETURN_IF_ERROR(parts->Index(lines));
  return RowReader(std::move(parts));
}

const std::vector<std::string>& RowReader::header() const { return parts_->csv.header(); }
const ImportMap& RowReader::map() const { return parts_->map; }
std::uint64_t RowReader::records() const { return parts_->records; }
std::size_t RowReader::size() const { return parts_->rows.size(); }
const std::vector<SkipCount>& RowReader::skipped() const { return parts_->skipped; }

const StatusOr<Row>& RowReader::Read(std::size_t i) { return parts_->At(i).row; }
RawRow RowReader::Raw(std::size_t i) { return parts_->Raw(i); }

const std::vector<std::string>& RowReader::CellsOf(std::size_t i) { return parts_->At(i).record.fields; }

}  // namespace fundtrail::sheets

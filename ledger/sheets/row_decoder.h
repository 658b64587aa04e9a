// One record of a spreadsheet, by an import map, as a row. Inside sheets/: others use rows.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/crypto/keyed_sum.h"
#include "ledger/sheets/map.h"
#include "ledger/sheets/row.h"

namespace fundtrail::sheets {

// 128 bits of a hash, to tell parties and row ids apart without keeping their texts. Its key is drawn for each decoder.
using TextKey = std::array<std::uint8_t, 16>;

// What one row says about a party's role. The higher the strength, the closer the rule that said it.
struct RoleWord {
  TextKey party{};
  PartyRole role = PartyRole::kAuto;
  std::uint8_t strength = 0;
};

struct DecodedRow {
  Row row;  // with roles still open
  RoleWord from;
  RoleWord to;
};

// What the texts of parties mean as ids, by text: a file names the same ones again and again. Not thread-safe.
class PartyIds {
 public:
  struct Made {
    std::string id;
    bool from_name = false;
    bool may_be_anothers = false;
    TextKey key{};  // of the party, where the map says no other id
  };

 private:
  friend class RowDecoder;
  static constexpr std::size_t kMost = 16'384;  // some 4 MB
  std::unordered_map<std::string, Made> made_;
};

class RowDecoder {
 public:
  // `map` must outlive the decoder.
  static StatusOr<RowDecoder> Make(const ImportMap* map, const std::vector<std::string>& header);

  TextKey KeyOf(std::string_view text) const { return crypto::KeyedHash(key_, text); }

  // The number of the rule that leaves this record out: that of a [[skip]], or their count for "no [[only]]
  // holds".
  std::optional<std::size_t> SkippedBy(const std::vector<std::string>& fields) const;
  // `known` is filled on the way. Null for an index: then ids that are made from names are left out, and texts that only describe.
  // Whether a record can be read, its date, its row ids and its words about roles are the same.
  StatusOr<DecodedRow> Decode(std::uint64_t line, const std::vector<std::string>& fields,
                              PartyIds* known) const;

 private:
  using Fields = std::vector<std::string>;
  struct Test {
    const Condition* condition = nullptr;
    std::size_t column = 0;
  };
  struct PartyTest {
    const PartyRule* rule = nullptr;
    Test when;  // no condition: always
  };
  struct Side {
    RowParty party;
    RoleWord word;
  };

  explicit RowDecoder(const ImportMap* map) : map_(map) {}
  StatusOr<Test> Bind(const Condition& condition, const std::vector<std::string>& header) const;
  bool Holds(const Test& test, const Fields& fields) const;
  std::string Cell(Field field, const Fields& fields) const;
  StatusOr<Date> ReadDate(const Fields& fields, Row* row) const;
  Status CheckCells(const Fields& fields, Row* row) const;
  std::string Described(Field field, const Fields& fields, Row* row) const;
  StatusOr<Side> ReadParty(bool payer, bool swapped, const Fields& fields, PartyIds* known) const;
  StatusOr<std::string> ReadProject(const Fields& fields) const;
  Status ReadDraws(const Fields& fields, Row* row) const;
  Status ReadStage(const Fields& fields, Row* row) const;
  // Whether a text is taken as an id; else one is made of it.
  bool IsId(const std::string& text) const;
  std::string IdOf(const std::string& text) const;
  PartyIds::Made MakeIds(const std::string& text, bool for_index) const;
  PartyIds::Made IdsOf(const std::string& text, PartyIds* known) const;

  const ImportMap* map_;
  crypto::SumKey key_ = crypto::SumKey::Draw(crypto::SystemRandom());
  std::array<std::vector<std::size_t>, kFieldCount> columns_;
  std::optional<std::size_t> row_id_;
  std::vector<std::pair<std::size_t, std::string>> used_;  // every column that is read, and its name
  std::vector<Test> skip_;
  std::vector<Test> only_;
  std::vector<Test> swap_;
  std::vector<Test> in_project_;
  std::vector<PartyTest> party_tests_;
};

}  // namespace fundtrail::sheets

// What Search looks through: the texts of all items and of the newest transfers, as they are compared, in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/initials.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// How much there is to be looked through. It is items of all registers together, in the order of the registers, and the newest
// transfers, within the newest records. Items beyond are stepped over. What is left out is said in the answer.
inline constexpr std::uint64_t kMaxSearchedItems = 500'000;
inline constexpr std::uint64_t kMaxSearchedTransfers = 50'000;
// Of the texts of items, and of those of transfers.
inline constexpr std::size_t kMaxSearchedBytes = std::size_t{128} << 20;

inline constexpr char kTransferKind[] = "transfer";

// A block (below) in which a word stands: the number of its thing, and after how many bytes of the block the word stands first.
struct FoundBlock {
  std::uint32_t number = 0, place = 0;
};

// All texts stand in a few strings, so that to look for a word is one run through memory. A block is the texts of one thing, each with
// a zero byte at its end. Never changed once it is made: many threads may look through one.
class SearchIndex {
 public:
  // The registers and the transfers as of the record; of some kinds alone, when there are any. It reads every item, and the newest
  // records.
  static StatusOr<SearchIndex> Read(const View& view, AsOfRecord as_of, const std::set<std::string>& kinds);
  // The same ledger at the larger size of this view, from the records that were added. Read would make the same of the view, in another
  // order. Where items are left out, they may be others. It must be of all kinds.
  StatusOr<SearchIndex> Grown(const View& view) const;

  struct Item {
    std::uint32_t folded = 0, shown = 0, initials = 0;  // where its blocks begin
    std::uint32_t folded_bytes = 0, shown_bytes = 0, name_bytes = 0;
    std::uint16_t id_bytes = 0, folded_id_bytes = 0;
    std::uint16_t kind = 0;        // its place in model::Registers()
    std::int16_t party_kind = -1;  // v1::RegisterParty::Kind, of a party
    bool ended = false;
    bool gone = false;  // there is a newer version of it
  };
  struct Transfer {
    TransferRef ref;
    std::size_t folded = 0;
    std::uint32_t folded_bytes = 0;
    std::optional<Date> date;  // the value date; nothing where its record has none that is a day
    std::int64_t amount = 0;
    std::uint32_t asset = 0;  // its place among assets()
  };

  std::uint64_t size() const { return size_; }
  const std::vector<Item>& items() const { return items_; }
  // The codes of assets that transfers are in.
  const std::vector<std::string>& assets() const { return assets_; }
  // By their refs.
  const std::vector<Transfer>& transfers() const { return transfers_; }
  // The id, the name, and for each id of another register that id and `SCHEME:ID`; as they are compared.
  std::vector<std::string_view> Folded(const Item& item) const {
    return Texts(item_texts_, item.folded, item.folded_bytes);
  }
  // The same one after another, each with a zero byte at its end.
  std::string_view Block(const Item& item) const {
    return std::string_view(item_texts_).substr(item.folded, item.folded_bytes);
  }
  // The id, the name, and each `SCHEME:ID`; as they are.
  std::vector<std::string_view> Shown(const Item& item) const {
    return Texts(shown_texts_, item.shown, item.shown_bytes);
  }
  std::string_view Id(const Item& item) const { return {shown_texts_.data() + item.shown, item.id_bytes}; }
  std::string_view Name(const Item& item) const {
    return {shown_texts_.data() + item.shown + item.id_bytes + 1, item.name_bytes};
  }
  // The reference, the purpose and the words for the project; as they are compared, one after another as those of an item.
  std::string_view Block(const Transfer& transfer) const {
    return std::string_view(transfer_texts_).substr(transfer.folded, transfer.folded_bytes);
  }
  // Of words, one at least, the one that seems to be in the fewest items, by a look at some of their texts; of several such the longest.
  const std::string& Rarest(const std::vector<std::string>& words) const;
  // Those in whose texts the word stands, by number: of items, without those that are gone, and of transfers.
  std::vector<FoundBlock> ItemsWith(std::string_view word) const;
  // The same of items, in the initials of whose names these letters stand one after another.
  std::vector<FoundBlock> ItemsWithInitials(std::string_view letters) const;
  std::vector<FoundBlock> TransfersWith(std::string_view word) const;

  std::uint64_t CountOf(std::size_t kind) const { return counts_[kind]; }
  bool items_left_out() const { return items_left_out_; }
  bool transfers_left_out() const { return transfers_left_out_; }
  // More of it is gone than there.
  bool wasteful() const { return gone_ > items_.size() / 2; }

 private:
  struct FoldedTransfer {
    TransferRef ref;
    std::optional<Date> date;
    std::int64_t amount = 0;
    std::string asset;
    std::string block;
  };
  SearchIndex();
  static std::vector<std::string_view> Texts(const std::string& texts, std::size_t begin, std::size_t bytes);
  static std::string_view TextAt(const std::string& texts, std::size_t begin) {
    return {texts.data() + begin, texts.find('\0', begin) - begin};
  }
  void AddItem(std::uint16_t kind, const v1::RegisterRow& row, InitialsReader* reader);
  // A record has its transfers one after another.
  static std::vector<FoldedTransfer> FoldTransfers(RecordIndex record, const v1::Entry& entry);
  void AddTransfers(const std::vector<FoldedTransfer>& transfers);
  Status ReadNewestTransfers(const View& view);
  // Leaves what ReadNewestTransfers would read.
  void DropOldTransfers();

  std::uint64_t size_ = 0;  // records
  std::string item_texts_, shown_texts_, initial_texts_, transfer_texts_;
  std::vector<Item> items_;
  std::vector<Transfer> transfers_;
  std::vector<std::string> assets_;
  std::vector<std::uint64_t> counts_;  // of items, by kind
  std::size_t gone_ = 0;
  bool items_left_out_ = false, transfers_left_out_ = false;
};

// The newest indexes of one ledger, for all who search it. From any thread.
class SearchIndexes {
 public:
  // Of the view's size. Null when the view is older than those that are kept: whoever asks reads one for itself. The first who asks
  // after the ledger grew reads what was added, to its end, while others wait as long as they may (View::GoOn).
  StatusOr<std::shared_ptr<const SearchIndex>> Of(const View& view);

 private:
  std::timed_mutex mutex_;
  std::shared_ptr<const SearchIndex> newest_, before_;
};

}  // namespace fundtrail::query

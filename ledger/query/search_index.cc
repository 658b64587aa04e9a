// See search_index.h.
#include "ledger/query/search_index.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/names.h"
#include "ledger/log/seal.h"
#include "ledger/model/entry.h"
#include "ledger/model/register_table.h"
#include "ledger/query/find_word.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// To read so many records costs less than to read all items again, in a ledger where it matters.
constexpr std::uint64_t kMaxRecordsToGrow = 20'000;

// Between two looks whether whoever waits for an index may still wait. Questions look at the clock once in some 256 looks.
constexpr std::chrono::milliseconds kLookAgain{1};

void AddText(std::string_view text, std::string* block) {
  block->append(text);
  block->push_back('\0');
}

std::uint16_t RegisterNumber(const model::Register& of) {
  return static_cast<std::uint16_t>(&of - model::Registers().data());
}

StatusOr<v1::Entry> EntryOfRecord(const View& view, RecordIndex record) {
  FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*view.rows, record));
  v1::Entry entry;
  if (!entry.ParseFromString(stored.record.signed_entry().entry()))
    return model::Damaged(keys::Record(record), "holds an entry that cannot be read");
  return entry;
}

constexpr std::ptrdiff_t kNearBlocks = 4;

// The blocks in which the word stands. It steps from one to the next block, so that each is found once.
template <typename Thing, typename Place>
std::vector<FoundBlock> BlocksWith(std::string_view word, const std::string& texts,
                                   const std::vector<Thing>& things, Place Thing::*begin) {
  std::vector<FoundBlock> found;
  std::size_t at = things.empty() ? texts.size() : things.front().*begin;
  auto next = things.begin();
  while (at < texts.size()) {
    const std::size_t place = FindWord(texts, word, at);
    if (place == std::string::npos) break;
    // The first block behind the place. Of a word that many have it is near.
    const auto near = next + std::min<std::ptrdiff_t>(kNearBlocks, things.end() - next);
    const auto end = near == things.end() || place < (*near).*begin ? near : things.end();
    next = std::upper_bound(next, end, place,
                            [begin](std::size_t one, const Thing& thing) { return one < thing.*begin; });
    const auto& thing = *(next - 1);
    found.push_back({static_cast<std::uint32_t>(next - things.begin() - 1),
                     static_cast<std::uint32_t>(place - thing.*begin)});
    if (next == things.end()) break;
    at = (*next).*begin;
  }
  return found;
}

}  // namespace

SearchIndex::SearchIndex() : counts_(model::Registers().size()) {}

std::vector<std::string_view> SearchIndex::Texts(const std::string& texts, std::size_t begin,
                                                 std::size_t bytes) {
  std::vector<std::string_view> found;
  for (std::size_t at = begin; at < begin + bytes; at += found.back().size() + 1)
    found.push_back(TextAt(texts, at));
  return found;
}

void SearchIndex::AddItem(std::uint16_t kind, const v1::RegisterRow& row, InitialsReader* reader) {
  if (items_.size() - gone_ >= kMaxSearchedItems || item_texts_.size() >= kMaxSearchedBytes ||
      shown_texts_.size() >= kMaxSearchedBytes) {
    items_left_out_ = true;
    return;
  }
  const model::Message& message = model::ItemOf(row.action());
  const std::string id = model::IdOf(row.action());
  std::string name;
  for (const char* field : {"name", "title", "purpose"})
    if (name.empty()) name = model::TextIn(message, field);
  Item item;
  // Of each text there is less than 2^32.
  const auto place = [](const std::string& texts) { return static_cast<std::uint32_t>(texts.size()); };
  item.folded = place(item_texts_);
  item.shown = place(shown_texts_);
  item.initials = place(initial_texts_);
  item.id_bytes = static_cast<std::uint16_t>(id.size());
  item.name_bytes = place(name);
  item.kind = kind;
  item.ended = row.has_ended();
  AddText(FoldedForSearch(id), &item_texts_);
  item.folded_id_bytes = static_cast<std::uint16_t>(place(item_texts_) - item.folded - 1);
  AddText(FoldedForSearch(name), &item_texts_);
  for (const std::string& text : {id, name}) AddText(text, &shown_texts_);
  for (const std::string& letters : reader->Of(name)) AddText(letters, &initial_texts_);
  if (row.action().has_register_party()) {
    item.party_kind = static_cast<std::int16_t>(row.action().register_party().kind());
    for (const v1::AlternativeId& other : row.action().register_party().alternative_ids()) {
      const std::string words = absl::StrCat(other.scheme(), ":", other.id());
      AddText(FoldedForSearch(other.id()), &item_texts_);
      AddText(FoldedForSearch(words), &item_texts_);
      AddText(words, &shown_texts_);
    }
  }
  item.folded_bytes = place(item_texts_) - item.folded;
  item.shown_bytes = place(shown_texts_) - item.shown;
  items_.push_back(item);
  ++counts_[kind];
}

std::vector<SearchIndex::FoldedTransfer> SearchIndex::FoldTransfers(RecordIndex record,
                                                                    const v1::Entry& entry) {
  std::vector<FoldedTransfer> folded;
  std::uint32_t line = 0;
  for (const v1::Action& action : entry.actions()) {
    if (!action.has_transfer()) continue;
    const v1::Transfer& transfer = action.transfer();
    FoldedTransfer next;
    next.ref = {record, ++line};
    next.amount = transfer.amount();
    next.asset = transfer.asset();
    if (const auto date = model::ValueDate(entry, transfer); date.ok()) next.date = *date;
    for (const std::string* text : {&transfer.reference(), &transfer.purpose(), &transfer.project_words()})
      AddText(FoldedForSearch(*text), &next.block);
    folded.push_back(std::move(next));
  }
  return folded;
}

void SearchIndex::AddTransfers(const std::vector<FoldedTransfer>& transfers) {
  for (const FoldedTransfer& of : transfers) {
    // There are few.
    const auto asset = std::find(assets_.begin(), assets_.end(), of.asset) - assets_.begin();
    if (asset == std::ssize(assets_)) assets_.push_back(of.asset);
    transfers_.push_back({of.ref, transfer_texts_.size(), static_cast<std::uint32_t>(of.block.size()),
                          of.date, of.amount, static_cast<std::uint32_t>(asset)});
    transfer_texts_.append(of.block);
  }
}

// Record by record from the newest down, and all of the last record.
Status SearchIndex::ReadNewestTransfers(const View& view) {
  std::vector<std::vector<FoldedTransfer>> records;
  std::uint64_t transfers = 0, record = size_;
  std::size_t bytes = 0;
  for (; record > 0 && transfers < kMaxSearchedTransfers && bytes < kMaxSearchedBytes &&
         size_ - record < kMaxSearchedTransfers;
       --record) {
    FT_RETURN_IF_ERROR(view.GoOn());
    const RecordIndex index(record - 1);
    FT_ASSIGN_OR_RETURN(const auto entry, EntryOfRecord(view, index));
    auto folded = FoldTransfers(index, entry);
    if (folded.empty()) continue;
    transfers += folded.size();
    for (const FoldedTransfer& of : folded) bytes += of.block.size();
    records.push_back(std::move(folded));
  }
  transfers_left_out_ = record > 0;
  for (auto of = records.rbegin(); of != records.rend(); ++of) AddTransfers(*of);
  return absl::OkStatus();
}

void SearchIndex::DropOldTransfers() {
  std::size_t first = 0;  // that stays
  while (first < transfers_.size()) {
    const RecordIndex record = transfers_[first].ref.record;
    std::size_t next = first;  // the first of the next record
    while (next < transfers_.size() && transfers_[next].ref.record == record) ++next;
    const std::size_t newer_bytes =
        next == transfers_.size() ? 0 : transfer_texts_.size() - transfers_[next].folded;
    if (transfers_.size() - next < kMaxSearchedTransfers && newer_bytes < kMaxSearchedBytes &&
        size_ - (record.value() + 1) < kMaxSearchedTransfers)
      break;
    first = next;
  }
  // Whether ReadNewestTransfers would stop before the first record.
  const bool full = transfers_.size() >= kMaxSearchedTransfers || transfer_texts_.size() >= kMaxSearchedBytes;
  if (size_ > kMaxSearchedTransfers || (full && transfers_.front().ref.record.value() > 0))
    transfers_left_out_ = true;
  if (first == 0) return;
  const std::size_t bytes = first == transfers_.size() ? transfer_texts_.size() : transfers_[first].folded;
  transfers_.erase(transfers_.begin(), transfers_.begin() + static_cast<std::ptrdiff_t>(first));
  transfer_texts_.erase(0, bytes);
  for (Transfer& transfer : transfers_) transfer.folded -= bytes;
}

StatusOr<SearchIndex> SearchIndex::Read(const View& view, AsOfRecord as_of,
                                        const std::set<std::string>& kinds) {
  SearchIndex index;
  index.size_ = as_of.has_value() ? *as_of + 1 : view.checkpoint.size();
  InitialsReader initials;
  const auto looks = [&kinds](std::string_view kind) {
    return kinds.empty() || kinds.count(std::string(kind)) > 0;
  };
  for (const model::Register& of : model::Registers()) {
    if (!looks(of.name)) continue;
    FT_RETURN_IF_ERROR(EachItem(view, of.action, as_of, [&](const v1::RegisterRow& row) {
      index.AddItem(RegisterNumber(of), row, &initials);
      return absl::OkStatus();
    }));
  }
  if (looks(kTransferKind)) FT_RETURN_IF_ERROR(index.ReadNewestTransfers(view));
  return index;
}

StatusOr<SearchIndex> SearchIndex::Grown(const View& view) const {
  SearchIndex index = *this;
  index.size_ = view.checkpoint.size();
  std::set<std::pair<v1::Action::ActionCase, std::string>> changed;
  for (std::uint64_t record = size_; record < index.size_; ++record) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto entry, EntryOfRecord(view, RecordIndex(record)));
    index.AddTransfers(FoldTransfers(RecordIndex(record), entry));
    for (const v1::Action& action : entry.actions()) {
      if (action.has_end_item()) {
        const model::Register* const of = model::FindRegister(action.end_item().register_());
        if (of != nullptr) changed.emplace(of->action, action.end_item().id());
      } else if (model::FindRegister(action.action_case()) != nullptr) {
        changed.emplace(action.action_case(), model::IdOf(action));
      }
    }
  }
  index.DropOldTransfers();
  if (changed.empty()) return index;
  for (Item& item : index.items_) {
    FT_RETURN_IF_ERROR(view.GoOn());
    const v1::Action::ActionCase action = model::Registers()[item.kind].action;
    if (item.gone || changed.count({action, std::string(index.Id(item))}) == 0) continue;
    item.gone = true;
    ++index.gone_;
    --index.counts_[item.kind];
  }
  InitialsReader initials;
  for (const auto& [action, id] : changed) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view, action, id, std::nullopt));
    if (!row.has_value()) return model::Damaged(keys::Item(action, id), "is missing");
    index.AddItem(RegisterNumber(*model::FindRegister(action)), *row, &initials);
  }
  return index;
}

const std::string& SearchIndex::Rarest(const std::vector<std::string>& words) const {
  // 64 KB of the texts, from places all over them: a hundredth of what is looked through then.
  constexpr std::size_t kLooks = 16, kLookBytes = 4'096;
  const std::string* rarest = &words.front();
  std::size_t fewest = SIZE_MAX;
  for (const std::string& word : words) {
    std::size_t count = 0;
    for (std::size_t look = 0; look < kLooks; ++look) {
      const std::size_t begin = item_texts_.size() / kLooks * look;
      const std::string_view part = std::string_view(item_texts_).substr(begin, kLookBytes);
      for (std::size_t at = 0; (at = FindWord(part, word, at)) != std::string_view::npos; ++at) ++count;
    }
    if (count > fewest || (count == fewest && word.size() <= rarest->size())) continue;
    fewest = count;
    rarest = &word;
  }
  return *rarest;
}

std::vector<FoundBlock> SearchIndex::ItemsWith(std::string_view word) const {
  std::vector<FoundBlock> found = BlocksWith(word, item_texts_, items_, &Item::folded);
  if (gone_ > 0) std::erase_if(found, [this](FoundBlock of) { return items_[of.number].gone; });
  return found;
}

std::vector<FoundBlock> SearchIndex::ItemsWithInitials(std::string_view letters) const {
  std::vector<FoundBlock> found = BlocksWith(letters, initial_texts_, items_, &Item::initials);
  std::erase_if(found, [this](FoundBlock of) { return items_[of.number].gone; });
  return found;
}

std::vector<FoundBlock> SearchIndex::TransfersWith(std::string_view word) const {
  return BlocksWith(word, transfer_texts_, transfers_, &Transfer::folded);
}

StatusOr<std::shared_ptr<const SearchIndex>> SearchIndexes::Of(const View& view) {
  using Index = std::shared_ptr<const SearchIndex>;
  const std::uint64_t size = view.checkpoint.size();
  std::unique_lock lock(mutex_, std::defer_lock);
  while (!lock.try_lock_for(kLookAgain)) FT_RETURN_IF_ERROR(view.GoOn());
  for (const Index& kept : {newest_, before_})
    if (kept != nullptr && kept->size() == size) return kept;
  if (newest_ != nullptr && newest_->size() > size) return Index();
  const bool grows =
      newest_ != nullptr && size - newest_->size() <= kMaxRecordsToGrow && !newest_->wasteful();
  // It is read to its end, though whoever asks may not wait so long: else everybody would begin it anew, and nobody have it.
  View to_its_end = view;
  to_its_end.go_on = nullptr;
  auto index = grows ? newest_->Grown(to_its_end) : SearchIndex::Read(to_its_end, std::nullopt, {});
  FT_RETURN_IF_ERROR(index.status());
  before_ = std::exchange(newest_, std::make_shared<const SearchIndex>(*std::move(index)));
  return newest_;
}

}  // namespace fundtrail::query

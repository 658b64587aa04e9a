// See search.h.
#include "ledger/query/search.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "ledger/base/names.h"
#include "ledger/base/text.h"
#include "ledger/log/seal.h"
#include "ledger/model/references.h"
#include "ledger/model/register_table.h"
#include "ledger/query/movements.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/records.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

using HitMatch = v1::SearchHit::Match;
using SearchHit = v1::SearchHit;

constexpr std::size_t kMaxSearchText = 200;
constexpr char kTransferKind[] = "transfer";

// What is looked for, as it is compared.
struct Sought {
  std::string text;                // folded
  std::vector<std::string> words;  // of it
};

// Whether a word of `text` begins at this byte: nothing, or no letter and no digit stands before it. Of texts that are written
// without spaces only the first letter begins a word: all others are inside.
bool BeginsWord(const std::string& text, std::size_t at) {
  if (at == 0) return true;
  const auto before = static_cast<unsigned char>(text[at - 1]);
  const bool letter = (before >= '0' && before <= '9') || (before >= 'a' && before <= 'z') || before >= 0x80;
  return !letter;
}

bool HasWordBeginning(const std::string& text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    if (BeginsWord(text, at)) return true;
  return false;
}

// Of one text of an item, which is folded. MATCH_UNSPECIFIED: it does not fit.
HitMatch FitOf(const Sought& sought, const std::string& text, HitMatch whole) {
  if (text.empty()) return SearchHit::MATCH_UNSPECIFIED;
  if (text == sought.text) return whole;
  if (text.compare(0, sought.text.size(), sought.text) == 0) return SearchHit::BEGINS;
  const auto all = [&sought](const auto& fits) {
    return std::all_of(sought.words.begin(), sought.words.end(), fits);
  };
  if (all([&text](const std::string& word) { return HasWordBeginning(text, word); })) return SearchHit::WORDS;
  const bool inside = all([&text](const std::string& word) { return text.find(word) != std::string::npos; });
  return inside ? SearchHit::INSIDE : SearchHit::MATCH_UNSPECIFIED;
}

// Keeps the better of two.
void Better(HitMatch match, HitMatch* best) {
  if (match == SearchHit::MATCH_UNSPECIFIED) return;
  if (*best == SearchHit::MATCH_UNSPECIFIED || match < *best) *best = match;
}

bool IsExact(HitMatch match) {
  return match == SearchHit::ID || match == SearchHit::OTHER_ID || match == SearchHit::NAME;
}

struct FoundHit {
  SearchHit hit;
  std::size_t kind = 0;  // its place among the kinds
  TransferRef ref;       // of a transfer
};

// What stands before what in an answer.
bool ComesBefore(const FoundHit& one, const FoundHit& other) {
  if (one.hit.match() != other.hit.match()) return one.hit.match() < other.hit.match();
  if (one.kind != other.kind) return one.kind < other.kind;
  if (one.ref != other.ref) return one.ref > other.ref;
  if (one.hit.name() != other.hit.name()) return one.hit.name() < other.hit.name();
  return one.hit.id() < other.hit.id();
}

class SearchWalk {
 public:
  SearchWalk(const View& view, const v1::SearchRequest& request, AsOfRecord as_of, PageToken token)
      : view_(view),
        then_(Then(view, as_of)),
        as_of_(as_of),
        kinds_(request.kinds().begin(), request.kinds().end()),
        token_(std::move(token)),
        reader_(then_) {
    sought_.text = FoldedForSearch(request.text());
    sought_.words = absl::StrSplit(sought_.text, ' ', absl::SkipEmpty());
  }

  bool HasWords() const { return !sought_.words.empty(); }

  Status Read(const std::string& asked) {
    std::size_t kind = 0;
    for (const model::Register& of : model::Registers()) {
      ++kind;
      if (Looks(std::string(of.name))) FT_RETURN_IF_ERROR(ReadRegister(of, kind));
    }
    if (Looks(kTransferKind)) FT_RETURN_IF_ERROR(ReadTransfers(asked));
    std::sort(hits_.begin(), hits_.end(), ComesBefore);
    return absl::OkStatus();
  }

  Status Begin(const std::string& token) {
    FT_ASSIGN_OR_RETURN(const std::string place, token_.Place(token));
    const auto found = std::find_if(hits_.begin(), hits_.end(),
                                    [&](const FoundHit& hit) { return PlaceOfHit(hit) == place; });
    if (found == hits_.end()) return token_.Refused(token);
    at_ = static_cast<std::size_t>(found - hits_.begin()) + 1;
    return absl::OkStatus();
  }

  StatusOr<std::optional<std::string>> Fill(v1::SearchAnswer* page, PageBudget* budget) {
    if (as_of_.has_value()) page->set_as_of_record(*as_of_);
    if (!begun_) {
      for (const auto& [kind, hits] : counts_) {
        v1::SearchCount* count = page->add_counts();
        count->set_kind(kind.second);
        count->set_hits(hits);
      }
      page->set_items_looked(items_);
      page->set_items_left_out(items_left_out_);
      page->set_transfers_looked(transfers_);
      page->set_transfers_left_out(transfers_left_out_);
      budget->TakeBytes(page->ByteSizeLong());
      begun_ = true;
    }
    for (; at_ < hits_.size(); ++at_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (budget->full()) return std::optional(token_.At(at_ == 0 ? "/" : PlaceOfHit(hits_[at_ - 1])));
      SearchHit* hit = page->add_hits();
      *hit = hits_[at_].hit;
      if (hit->kind() == kTransferKind) {
        FT_ASSIGN_OR_RETURN(*hit->mutable_transfer(), reader_.Get(hits_[at_].ref));
      }
      budget->TakePart(hit->ByteSizeLong());
    }
    return std::optional<std::string>();
  }

 private:
  // No id has a slash.
  static std::string PlaceOfHit(const FoundHit& hit) {
    return absl::StrCat(hit.hit.kind(), "/", hit.hit.id());
  }
  bool Looks(const std::string& kind) const { return kinds_.empty() || kinds_.count(kind) > 0; }

  Status Add(FoundHit hit, HitMatch match) {
    hit.hit.set_match(match);
    hit.hit.set_exact(IsExact(match));
    ++counts_[{hit.kind, hit.hit.kind()}];
    FT_RETURN_IF_ERROR(view_.Grow(sizeof(FoundHit) + hit.hit.ByteSizeLong()));
    hits_.push_back(std::move(hit));
    return absl::OkStatus();
  }

  Status ReadRegister(const model::Register& of, std::size_t kind) {
    return EachItem(view_, of.action, as_of_, [&](const v1::RegisterRow& row) -> Status {
      if (items_ >= kMaxSearchedItems) {
        items_left_out_ = true;
        return absl::OkStatus();
      }
      ++items_;
      const model::Message& item = model::ItemOf(row.action());
      FoundHit hit;
      hit.kind = kind;
      hit.hit.set_kind(std::string(of.name));
      hit.hit.set_id(model::IdOf(row.action()));
      hit.hit.set_ended(row.has_ended());
      for (const char* field : {"name", "title", "purpose"})
        if (hit.hit.name().empty()) hit.hit.set_name(model::TextIn(item, field));
      HitMatch best = SearchHit::MATCH_UNSPECIFIED;
      Better(FitOf(sought_, FoldedForSearch(hit.hit.id()), SearchHit::ID), &best);
      Better(FitOf(sought_, FoldedForSearch(hit.hit.name()), SearchHit::NAME), &best);
      if (row.action().has_register_party()) {
        for (const v1::AlternativeId& other : row.action().register_party().alternative_ids()) {
          HitMatch fit = SearchHit::MATCH_UNSPECIFIED;
          const std::string words = absl::StrCat(other.scheme(), ":", other.id());
          Better(FitOf(sought_, FoldedForSearch(other.id()), SearchHit::OTHER_ID), &fit);
          Better(FitOf(sought_, FoldedForSearch(words), SearchHit::OTHER_ID), &fit);
          if (fit == SearchHit::MATCH_UNSPECIFIED) continue;
          if (hit.hit.other_id().empty() || fit == SearchHit::OTHER_ID) hit.hit.set_other_id(words);
          Better(fit, &best);
        }
      }
      return best == SearchHit::MATCH_UNSPECIFIED ? absl::OkStatus() : Add(std::move(hit), best);
    });
  }

  // The newest, record by record; and the one that the text names, wherever it is.
  Status ReadTransfers(const std::string& asked) {
    std::optional<TransferRef> named;
    if (const auto ref = model::ParseRef(asked); ref.ok() && ref->line > 0) named = *ref;
    const std::uint64_t size = as_of_.has_value() ? *as_of_ + 1 : view_.checkpoint.size();
    bool seen = false;
    std::uint64_t record = size;
    for (; record > 0 && transfers_ < kMaxSearchedTransfers && size - record < kMaxSearchedTransfers;
         --record) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const RecordIndex index(record - 1);
      FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*view_.rows, index));
      v1::Entry entry;
      if (!entry.ParseFromString(stored.record.signed_entry().entry()))
        return model::Damaged(keys::Record(index), "holds an entry that cannot be read");
      std::uint32_t line = 0;
      for (const v1::Action& action : entry.actions()) {
        if (!action.has_transfer()) continue;
        ++transfers_;
        const TransferRef ref{index, ++line};
        seen = seen || named == ref;
        FT_RETURN_IF_ERROR(ReadTransfer(action.transfer(), ref, named));
      }
    }
    transfers_left_out_ = record > 0;
    if (!named.has_value() || seen || named->record.value() >= size) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto row, view_.rows->Get(keys::Transfer(*named)));
    if (!row.has_value()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const v1::TransferLine there, reader_.Get(*named));
    return ReadTransfer(there.transfer(), *named, named);
  }

  Status ReadTransfer(const v1::Transfer& transfer, TransferRef ref,
                      const std::optional<TransferRef>& named) {
    HitMatch best = named == ref ? SearchHit::ID : SearchHit::MATCH_UNSPECIFIED;
    Better(FitOf(sought_, FoldedForSearch(transfer.reference()), SearchHit::OTHER_ID), &best);
    for (const std::string* text : {&transfer.purpose(), &transfer.project_words()}) {
      // Many payments have the same purpose: none is the one that is meant.
      Better(FitOf(sought_, FoldedForSearch(*text), SearchHit::BEGINS), &best);
    }
    if (best == SearchHit::MATCH_UNSPECIFIED) return absl::OkStatus();
    FoundHit hit;
    hit.kind = model::Registers().size() + 1;
    hit.ref = ref;
    hit.hit.set_kind(kTransferKind);
    hit.hit.set_id(model::RefText(ref));
    hit.hit.set_name(transfer.purpose());
    return Add(std::move(hit), best);
  }

  const View& view_;
  const View then_;
  const AsOfRecord as_of_;
  const std::set<std::string> kinds_;  // that are looked at; empty: all
  const PageToken token_;
  LineReader reader_;
  Sought sought_;
  std::vector<FoundHit> hits_;
  std::map<std::pair<std::size_t, std::string>, std::uint64_t> counts_;
  std::uint64_t items_ = 0, transfers_ = 0;
  bool items_left_out_ = false, transfers_left_out_ = false;
  std::size_t at_ = 0;
  bool begun_ = false;
};

}  // namespace

StatusOr<Pages<v1::SearchAnswer>> Search(const View& view, const v1::SearchRequest& request,
                                         const Paging& paging) {
  if (request.text().size() > kMaxSearchText)
    return absl::InvalidArgumentError(absl::StrCat("text: at most ", kMaxSearchText, " bytes"));
  for (const std::string& kind : request.kinds()) {
    if (kind != kTransferKind && model::FindRegister(kind) == nullptr)
      return absl::InvalidArgumentError(absl::StrCat("kinds: \"", Escaped(kind), "\" is not one of ",
                                                     model::RegisterNames(), " and ", kTransferKind));
  }
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  PageToken token{"search", request.text(), absl::StrJoin(request.kinds(), ","),
                  as_of.has_value() ? absl::StrCat(*as_of) : ""};
  const auto walk = std::make_shared<SearchWalk>(view, request, as_of, std::move(token));
  if (!walk->HasWords()) return absl::InvalidArgumentError("text: there is nothing to look for");
  FT_RETURN_IF_ERROR(walk->Read(request.text()));
  if (!paging.after.empty()) FT_RETURN_IF_ERROR(walk->Begin(paging.after));
  return Pages<v1::SearchAnswer>(
      view, paging, [walk](v1::SearchAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); });
}

}  // namespace fundtrail::query

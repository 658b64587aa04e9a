// See registers.h.
#include <memory>
#include <utility>
#include <vector>

#include "ledger/books/registers.h"
#include "ledger/books/state.h"
#include "ledger/query/registers.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

constexpr std::size_t kMostLevels = books::kMaxPartyDepth + 1;  // the root's too

// Walks down and across. Between pages it keeps the way from the top to where it stands, which is never long; a cursor
// would keep the store's old files.
class TreeWalk {
 public:
  TreeWalk(const View& view, std::string top)
      : view_(view), token_{"party tree", top}, top_(std::move(top)) {}

  // Goes on behind the party that the page token names, once, before all else.
  Status Begin(const std::string& after) {
    FT_ASSIGN_OR_RETURN(last_, token_.Place(after));
    std::vector<std::string> way{last_};  // up to the top
    while (way.back() != top_) {
      if (way.size() > kMostLevels) return token_.Refused(after);
      const auto row = FindParty(view_, way.back());
      if (absl::IsNotFound(row.status())) return token_.Refused(after);
      FT_RETURN_IF_ERROR(row.status());
      way.push_back(row->party().parent());
    }
    for (std::size_t i = way.size(); i-- > 0;) path_.push_back({way[i], i == 0 ? "" : way[i - 1], nullptr});
    return absl::OkStatus();
  }

  StatusOr<std::optional<std::string>> Fill(v1::PartyAnswer* page, Room* room) {
    auto next = FillOpen(page, room);
    for (Level& level : path_) level.children.reset();
    return next;
  }

 private:
  struct Level {
    std::string party;
    std::string last;                         // the child that was shown last
    std::unique_ptr<store::Cursor> children;  // stands on the next one
  };

  StatusOr<std::optional<std::string>> FillOpen(v1::PartyAnswer* page, Room* room) {
    while (true) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto next, Ahead());
      if (!next.has_value()) return std::optional<std::string>();
      if (room->full()) return std::optional(token_.At(last_));
      if (path_.size() > kMostLevels) return model::Damaged(keys::Party(*next), "stands below itself");
      FT_ASSIGN_OR_RETURN(const auto row, NeedParty(view_, *next));
      // So that a party stands in the tree once, and a walk through it ends, whatever the rows of the tree say.
      if (!path_.empty() && row.party().parent() != path_.back().party)
        return model::Damaged(keys::Child(path_.back().party, *next), "is not what the party says");
      auto* line = page->add_parties();
      *line->mutable_party() = row.party();
      line->set_record(row.record());
      line->set_depth(static_cast<std::uint32_t>(path_.size()));
      room->TakePart(line->ByteSizeLong());
      if (!path_.empty()) {
        path_.back().last = *next;
        path_.back().children->Next();
      }
      last_ = *next;
      path_.push_back({*next, "", nullptr});
    }
  }

  // The party that comes next, nothing at the end. Climbs out of those whose children are all shown.
  StatusOr<std::optional<std::string>> Ahead() {
    if (last_.empty()) return std::optional(top_);
    for (; !path_.empty(); path_.pop_back()) {
      Level& level = path_.back();
      if (level.children == nullptr) {
        const Bytes all = keys::ChildrenOf(level.party);
        level.children = view_.rows->Scan(
            level.last.empty() ? all : keys::Child(level.party, level.last) + '\0', store::PrefixEnd(all));
      }
      if (level.children->Valid()) {
        FT_ASSIGN_OR_RETURN(const auto child, keys::ReadChild(level.children->key()));
        return std::optional(std::string(child));
      }
      FT_RETURN_IF_ERROR(level.children->status());
    }
    return std::optional<std::string>();
  }

  const View& view_;
  const PageToken token_;
  const std::string top_;
  std::string last_;  // that was shown; empty before the first
  std::vector<Level> path_;
};

}  // namespace

StatusOr<Pages<v1::PartyAnswer>> PartyTree(const View& view, std::string_view root, const Paging& paging) {
  std::string top(root);
  if (top.empty()) {
    FT_ASSIGN_OR_RETURN(const auto genesis, books::NeedGenesis(*view.rows));
    top = genesis.root_party();
    FT_RETURN_IF_ERROR(NeedParty(view, top).status());
  } else {
    FT_RETURN_IF_ERROR(FindParty(view, top).status());
  }
  const auto walk = std::make_shared<TreeWalk>(view, top);
  if (!paging.after.empty()) FT_RETURN_IF_ERROR(walk->Begin(paging.after));
  return Pages<v1::PartyAnswer>(view, paging,
                                [walk](v1::PartyAnswer* page, Room* room) { return walk->Fill(page, room); });
}

}  // namespace fundtrail::query

// See register_tree.h.
#include "ledger/query/register_tree.h"

#include <memory>
#include <utility>
#include <vector>

#include "ledger/books/ancestors.h"
#include "ledger/books/references.h"
#include "ledger/books/state.h"
#include "ledger/query/register_line.h"

namespace fundtrail::query {

namespace keys = model::keys;

StatusOr<std::optional<v1::RegisterRow>> RegisterQuestion::Shown(const View& view,
                                                                 v1::RegisterRow now) const {
  std::optional<v1::RegisterRow> row = std::move(now);
  if (as_of.has_value()) {
    FT_ASSIGN_OR_RETURN(row, books::AsOf(*view.rows, *std::move(row), RecordIndex(*as_of)));
  }
  if (row.has_value() && current && row->has_ended()) row.reset();
  return row;
}

void RegisterQuestion::Begin(v1::RegistersAnswer* page) const {
  if (as_of.has_value()) page->set_as_of_record(*as_of);
}

Status RegisterQuestion::Add(const View& view, v1::RegisterLine line, ItemNames* names,
                             v1::RegistersAnswer* page, PageBudget* budget) const {
  // A page is below 1 MiB with its last line (pages.h), what was said about that (register_line.h), and these.
  constexpr std::size_t kMaxNamesOfLine = std::size_t{12} << 10;
  budget->TakePart(line.ByteSizeLong());
  std::size_t bytes = 0;
  const auto name = [&](const model::Register& register_of, const std::string& id) -> Status {
    // Everybody reads the code of an asset.
    if (register_of.action == v1::Action::kDeclareAsset || bytes >= kMaxNamesOfLine) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const std::size_t more,
                        names->Add(view, register_of.action, id, as_of, page->mutable_names()));
    bytes += more;
    return absl::OkStatus();
  };
  for (const auto& [register_of, id] : books::AllNamed(model::ItemOf(line.action())))
    FT_RETURN_IF_ERROR(name(*register_of, id));
  const model::Register& parties = *model::FindRegister(v1::Action::kRegisterParty);
  for (const v1::Attestation& said : line.attestations()) FT_RETURN_IF_ERROR(name(parties, said.author()));
  budget->TakeBytes(bytes);
  *page->add_lines() = std::move(line);
  return absl::OkStatus();
}

namespace {

constexpr std::size_t kMaxBelow = books::kMaxTreeDepth + 1;  // the top's too

// Walks down and across. Between pages it keeps the way from the top to where it stands, which is never long; a cursor
// would keep the store's old files.
class TreeWalk {
 public:
  TreeWalk(const View& view, const RegisterQuestion& question, std::string top, PageToken token)
      : view_(view), question_(question), top_(std::move(top)), token_(std::move(token)) {
    // Of the whole forest the way begins at no item, whose children are those that stand below none.
    if (top_.empty()) path_.push_back({"", "", nullptr});
  }

  // Goes on behind the item that the page token names, once, before all else.
  Status Begin(const std::string& after) {
    FT_ASSIGN_OR_RETURN(last_, token_.Place(after));
    std::vector<std::string> way{last_};  // up to the top
    while (way.back() != top_) {
      if (way.size() > kMaxBelow) return token_.Refused(after);
      FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(*view_.rows, question_.of->action, way.back()));
      if (!row.has_value()) return token_.Refused(after);
      way.push_back(model::TextIn(model::ItemOf(row->action()), "parent"));
    }
    path_.clear();
    for (std::size_t i = way.size(); i-- > 0;) path_.push_back({way[i], i == 0 ? "" : way[i - 1], nullptr});
    return absl::OkStatus();
  }

  StatusOr<std::optional<std::string>> Fill(v1::RegistersAnswer* page, PageBudget* budget) {
    question_.Begin(page);
    auto next = FillOpen(page, budget);
    for (Level& level : path_) level.children.reset();
    return next;
  }

 private:
  struct Level {
    std::string id;
    std::string last;                         // the child that was shown last
    std::unique_ptr<store::Cursor> children;  // stands on the next one
  };

  StatusOr<std::optional<std::string>> FillOpen(v1::RegistersAnswer* page, PageBudget* budget) {
    const auto action = question_.of->action;
    while (true) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto next, Ahead());
      if (!next.has_value()) return std::optional<std::string>();
      if (budget->full()) return std::optional(token_.At(last_));
      if (path_.size() > kMaxBelow) return model::Damaged(keys::Item(action, *next), "stands below itself");
      FT_ASSIGN_OR_RETURN(auto row, books::GetItem(*view_.rows, action, *next));
      if (!row.has_value()) return model::Damaged(keys::Item(action, *next), "is missing");
      // So that an item stands in the tree once, and a walk through it ends, whatever the rows of the tree say.
      if (!path_.empty() && model::TextIn(model::ItemOf(row->action()), "parent") != path_.back().id)
        return model::Damaged(keys::Child(action, path_.back().id, *next), "is not what the item says");
      FT_ASSIGN_OR_RETURN(const auto shown, question_.Shown(view_, *std::move(row)));
      if (shown.has_value()) {
        const std::size_t above = path_.size() - (top_.empty() ? 1 : 0);
        FT_ASSIGN_OR_RETURN(auto line, DescribeItem(view_, *shown));
        line.set_depth(static_cast<std::uint32_t>(above));
        FT_RETURN_IF_ERROR(question_.Add(view_, std::move(line), &names_, page, budget));
      }
      if (!path_.empty()) {
        path_.back().last = *next;
        path_.back().children->Next();
      }
      last_ = *next;
      path_.push_back({*next, "", nullptr});
    }
  }

  // The item that comes next, nothing at the end. Climbs out of those whose children are all shown.
  StatusOr<std::optional<std::string>> Ahead() {
    if (last_.empty() && !top_.empty()) return std::optional(top_);
    for (; !path_.empty(); path_.pop_back()) {
      Level& level = path_.back();
      if (level.children == nullptr) {
        const auto action = question_.of->action;
        const Bytes all = keys::ChildrenOf(action, level.id);
        level.children =
            view_.rows->Scan(level.last.empty() ? all : keys::Child(action, level.id, level.last) + '\0',
                             store::PrefixEnd(all));
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
  const RegisterQuestion question_;
  const std::string top_;
  const PageToken token_;
  std::string last_;  // that was met last; empty before the first
  std::vector<Level> path_;
  ItemNames names_;
};

}  // namespace

StatusOr<Pages<v1::RegistersAnswer>::Fill> FillTree(const View& view, const RegisterQuestion& question,
                                                    const std::string& top, PageToken token,
                                                    const std::string& after) {
  const auto walk = std::make_shared<TreeWalk>(view, question, top, std::move(token));
  if (!after.empty()) FT_RETURN_IF_ERROR(walk->Begin(after));
  return Pages<v1::RegistersAnswer>::Fill(
      [walk](v1::RegistersAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); });
}

}  // namespace fundtrail::query

// A trace as a tree: who paid whom, and where it ended. See trace.h.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "cli/render/accounts.h"
#include "cli/render/apart.h"
#include "cli/render/trace.h"
#include "cli/render/trace_parts.h"
#include "cli/render/trace_sums.h"
#include "ledger/base/text.h"

namespace fundtrail::render {
namespace {

Shown Days(const std::string& first, const std::string& last) {
  return first == last ? Safe(first) : Say("{} … {}", first, last);
}

// What a party moves between its own accounts is paid to nobody.
Shown Moves(std::uint64_t count) { return count == 1 ? Shown("1 move") : Say("{} moves", count); }

// A payment is what was paid: "2 payments", "1 commitment", or "3 transfers" that are both.
Shown Transfers(std::uint64_t count, std::int64_t amount, std::int64_t committed) {
  if (committed == 0) return count == 1 ? Shown("1 payment") : Say("{} payments", count);
  if (committed == amount) return count == 1 ? Shown("1 commitment") : Say("{} commitments", count);
  return count == 1 ? Shown("1 transfer") : Say("{} transfers", count);
}

// Of an amount: nothing when all of it was paid.
Shown Committed(std::int64_t committed, std::int64_t amount, std::uint32_t decimals) {
  if (committed == 0) return {};
  return committed == amount ? Shown("committed, not paid")
                             : Say("{} of it committed, not paid", Money(committed, decimals));
}

struct TreeLine {
  std::string branch;  // box characters
  Shown label;
  Tone tone = Tone::kPlain;
  std::string amount;
  Shown note;
  Shown account = {};    // behind the label, and cut after it: it tells lines of one party apart
  Shown committed = {};  // behind the note; where there is no room for both, before it
};

class TreeText {
 public:
  explicit TreeText(std::uint32_t decimals) : decimals_(decimals) {}

  void Add(const v1::TraceNode& node, const v1::TraceNode* parent, const std::string& lead,
           const std::string& below) {
    const bool moved = parent != nullptr && parent->account().party() == node.account().party();
    TreeLine line{
        lead, Safe(node.account().party_name()), parent == nullptr ? Tone::kBold : Tone::kPlain,
        Money(node.amount(), decimals_),
        (moved ? Moves(node.transfers()) : Transfers(node.transfers(), node.amount(), node.committed())) +
            ", " + Days(node.first_date(), node.last_date())};
    if (parent == nullptr || parent->account().fund() != node.account().fund() ||
        parent->account().project() != node.account().project())
      line.account = Say(" {}", FundInBrackets(node.account()));
    if (node.committed() != node.amount())
      line.committed = Committed(node.committed(), node.amount(), decimals_);
    lines_.push_back(std::move(line));
    int left = node.ends_size() + node.children_size() + (node.cut() != 0 ? 1 : 0);
    for (const auto& child : node.children()) {
      const bool last = --left == 0;
      Add(child, &node, below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
    }
    for (const auto& end : node.ends()) {
      const bool last = --left == 0;
      const EndWords words = WordsOf(end.kind());
      Shown note = end.kind() == v1::END_KIND_HELD ? Say("since {}", end.first_date()) : Shown();
      if (end.kind() == v1::END_KIND_EXCHANGED && !end.exchanges().empty()) {
        note = Say("by {}.{}", end.exchanges(0).record(), end.exchanges(0).line());
      }
      if (end.kind() == v1::END_KIND_ENDS_HERE && end.committed() != end.amount())
        note = "no further payment recorded";
      TreeLine ended{below + (last ? "└─ " : "├─ "), words.word, words.tone, Money(end.amount(), decimals_),
                     note};
      ended.committed = Committed(end.committed(), end.amount(), decimals_);
      lines_.push_back(std::move(ended));
    }
    if (node.cut() != 0) {
      lines_.push_back(
          {below + "└─ ",
           node.cut_children() > 0 ? Say("… {} more", node.cut_children()) : Shown("… not shown"), Tone::kDim,
           Money(node.cut(), decimals_), ""});
    }
  }

  Shown Text(const Style& style) const {
    int names = 0;
    int amounts = 0;
    int notes = 0;
    int sums = 0;  // of the notes, what is committed: no amount is cut
    for (const TreeLine& line : lines_) {
      names = std::max(names, DisplayWidth(line.branch) + DisplayWidth((line.label + line.account).str()));
      amounts = std::max(amounts, DisplayWidth(line.amount));
      notes = std::max(notes, DisplayWidth(NoteOf(line, kEndless).str()));
      sums = std::max(sums, DisplayWidth(line.committed.str()));
    }
    // Where lines are endless, a longer name moves its own amount alone. Else a note has what names leave, a third at least.
    const int room_of_both = style.width - amounts - 4;
    // On a narrow terminal what is committed has lines of its own: it would leave no room for names.
    const bool apart = !style.endless() && room_of_both - sums < kLeastNames;
    if (apart) {
      sums = notes = 0;
      for (const TreeLine& line : lines_) notes = std::max(notes, DisplayWidth(line.note.str()));
    }
    const int least_of_notes = std::max(sums, std::min(notes, room_of_both / 3));
    names = std::min(names, style.endless() ? kMaxPadded : std::max(12, room_of_both - least_of_notes));
    std::vector<Shown> labels;
    // Names that would look the same take room from the notes.
    while (!LabelsIn(names, style, &labels) && names + kWiden < room_of_both - sums) names += kWiden;
    const int note_room = std::max(1, room_of_both - names);
    Shown text;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const TreeLine& line = lines_[i];
      const int room = RoomIn(names, line);
      const Shown& label = labels[i];
      text += Toned(style, Tone::kDim, Safe(line.branch)) + Toned(style, line.tone, label);
      text += label.Each([&](const std::string& words) {
        return std::string(static_cast<std::size_t>(std::max(0, room - DisplayWidth(words))), ' ');
      });
      text += "  " + Toned(style, line.tone, Safe(PadLeft(line.amount, amounts)));
      const Shown note =
          apart ? Clipped(line.note, note_room) : NoteOf(line, style.endless() ? kEndless : note_room);
      if (!note.empty()) text += "  " + Toned(style, Tone::kDim, note);
      text += "\n";
      if (apart && !line.committed.empty())
        text += Toned(style, Tone::kDim,
                      Safe(Below(line.branch)) +
                          Clipped(line.committed, style.width - DisplayWidth(line.branch))) +
                "\n";
    }
    return text;
  }

 private:
  static constexpr int kLeastLabel = 7;
  static constexpr int kLeastNames = 24;  // with their branches
  static constexpr int kWiden = 4;

  // The branches beside a second line of what stands behind these.
  static std::string Below(const std::string& branch) {
    return absl::StrReplaceAll(branch, {{"├─ ", "│  "}, {"└─ ", "   "}});
  }

  static int RoomIn(int names, const TreeLine& line) {
    return std::max(8, names - DisplayWidth(line.branch));
  }

  // The label of each line, in so many columns with its branch. Whether those that differ look different.
  bool LabelsIn(int names, const Style& style, std::vector<Shown>* labels) const {
    std::vector<Shown> whole;
    std::vector<int> rooms;
    labels->clear();
    for (const TreeLine& line : lines_) {
      rooms.push_back(RoomIn(names, line));
      whole.push_back(line.label + line.account);
      labels->push_back(style.endless() ? whole.back() : LabelIn(line, rooms.back()));
    }
    return style.endless() || TellApart(whole, rooms, labels);
  }

  static Shown Clipped(const Shown& words, int room) {
    return words.Each([&](const std::string& text) { return ClipToWidth(text, room); });
  }

  // The name first gives way to the account, and that is cut in the middle.
  static Shown LabelIn(const TreeLine& line, int room) {
    if (DisplayWidth((line.label + line.account).str()) <= room) return line.label + line.account;
    if (line.account.empty() || room <= 2 * kLeastLabel) return Clipped(line.label + line.account, room);
    const int least = std::min(kLeastLabel, DisplayWidth(line.label.str()));
    const Shown account =
        line.account.Each([&](const std::string& text) { return ClipMiddle(text, room - least); });
    return Clipped(line.label, room - DisplayWidth(account.str())) + account;
  }

  static Shown NoteOf(const TreeLine& line, int room) {
    if (line.committed.empty() || line.note.empty()) return Clipped(line.note + line.committed, room);
    const Shown note = line.note + ", " + line.committed;
    return DisplayWidth(note.str()) <= room ? note : Clipped(line.committed + ", " + line.note, room);
  }

  std::uint32_t decimals_;
  std::vector<TreeLine> lines_;
};

}  // namespace

Shown TraceTree(const v1::TraceAnswer& answer, const Style& style) {
  return ByAsset(answer, style, [&](const v1::AssetTrace& trace) {
    TreeText tree(trace.decimals());
    for (const auto& root : trace.tree()) tree.Add(root, nullptr, "", "");
    Shown text = tree.Text(style);
    if (trace.truncated()) {
      text +=
          Toned(style, Tone::kWaiting, "The tree is cut at its budget; --format flows shows everything.") +
          "\n";
    }
    return text;
  });
}

}  // namespace fundtrail::render

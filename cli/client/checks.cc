// See checks.h.
#include "cli/client/checks.h"

#include <cstdint>
#include <map>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "cli/render/trace.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/text.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {
namespace {

__extension__ using Wide = __int128;  // no sum of a server's numbers overflows it

Status Bad(const std::string& what) {
  return absl::DataLossError(absl::StrCat("the server's answer cannot be true: ", what));
}

std::string Of(const v1::Account& account) {
  return absl::StrCat(Escaped(account.party()), ", fund ", Escaped(account.fund()), ", ",
                      Escaped(account.asset()));
}

bool IsPart(std::int64_t part, std::int64_t whole) { return part >= 0 && part <= whole; }

// What ended in each way, and how much of it is committed.
struct EndSums {
  Wide amount = 0;
  Wide committed = 0;
};

bool FitsEnds(const v1::AssetTrace& trace) {
  std::map<v1::EndKind, EndSums> sums;
  for (const auto& end : trace.ends()) {
    if (!IsPart(end.committed(), end.amount())) return false;
    sums[end.kind()].amount += end.amount();
    sums[end.kind()].committed += end.committed();
  }
  const v1::TraceSums& committed = trace.committed();
  const auto fits = [&](v1::EndKind kind, std::int64_t amount, std::int64_t of_it) {
    return sums[kind].amount == amount && sums[kind].committed == of_it;
  };
  return fits(v1::REACHED, trace.reached(), committed.reached()) &&
         fits(v1::ENDS_HERE, trace.ends_here(), committed.ends_here()) &&
         fits(v1::HELD, trace.held(), committed.held()) &&
         fits(v1::RETURNED, trace.returned(), committed.returned()) &&
         fits(v1::EXCHANGED, trace.exchanged(), committed.exchanged()) &&
         fits(v1::BROUGHT_IN, trace.brought_in(), committed.brought_in()) &&
         fits(v1::UNRECORDED, trace.unrecorded(), committed.unrecorded());
}

bool Tiles(const v1::TraceNode& node) {
  if (!IsPart(node.committed(), node.amount())) return false;
  Wide sum = node.cut();
  for (const auto& end : node.ends()) sum += end.amount();
  for (const auto& child : node.children()) {
    if (!Tiles(child)) return false;
    sum += child.amount();
  }
  return sum == node.amount();
}

// Control characters of C0 and C1, and DEL.
bool HasControls(std::string_view text, bool lines) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && !(lines && byte == '\n')) || byte == 0x7f) return true;
    if (byte != 0xc2 || i + 1 == text.size()) continue;
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (next >= 0x80 && next < 0xa0) return true;
  }
  return false;
}

bool IsNote(const google::protobuf::FieldDescriptor& field) {
  return field.name() == "note" || field.name() == "checkpoint";
}

}  // namespace

Status CheckAnswer(const v1::BalanceAnswer& answer) {
  for (const auto& line : answer.lines()) {
    // Of a SOURCE, what it brought in is in both.
    if (Wide{line.received()} - line.drawn() != line.held())
      return Bad(absl::StrCat("of ", Of(line.account()),
                              ", what was received less what was paid is not what is held"));
    if (!IsPart(line.committed_received(), line.received()) ||
        !IsPart(line.committed_drawn(), line.drawn()) ||
        (line.has_committed_held() && !IsPart(line.committed_held(), line.held())))
      return Bad(absl::StrCat("of ", Of(line.account()), ", more is committed than there is"));
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::StatementAnswer& answer) {
  for (const auto& statement : answer.statements()) {
    Wide in = 0, out = 0;
    for (const auto& line : statement.lines()) (line.incoming() ? in : out) += line.amount();
    out -= statement.minted();  // a SOURCE's lines out, of which a total has nothing
    if (in != statement.total_in() || out != statement.total_out())
      return Bad(absl::StrCat("of ", Of(statement.account()), ", the lines do not have the totals"));
    if (Wide{statement.held_before()} + in - out != statement.held_after())
      return Bad(absl::StrCat("of ", Of(statement.account()), ", the totals do not lead to what is held"));
    if (!IsPart(statement.committed_in(), statement.total_in()) ||
        !IsPart(statement.committed_out(), statement.total_out()) ||
        !IsPart(statement.committed_minted(), statement.minted()))
      return Bad(absl::StrCat("of ", Of(statement.account()), ", more is committed than there is"));
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::TraceAnswer& answer) {
  for (const auto& trace : answer.assets()) {
    const std::string asset = Escaped(trace.asset());
    Wide ended = 0, in_tree = 0;
    for (const auto& end : trace.ends()) ended += end.amount();
    if (!render::AddsUp(answer.direction(), trace) || ended != trace.asked())
      return Bad(absl::StrCat("of ", asset, ", what ended is not what was asked"));
    if (!FitsEnds(trace))
      return Bad(absl::StrCat("of ", asset, ", a sum is not that of the ends of its kind"));
    if (!IsPart(trace.committed().asked(), trace.asked()))
      return Bad(absl::StrCat("of ", asset, ", more is committed than was asked"));
    if (trace.came_round() < 0)
      return Bad(absl::StrCat("of ", asset, ", less than nothing came round again"));
    for (const auto& root : trace.tree()) {
      in_tree += root.amount();
      if (!Tiles(root)) return Bad(absl::StrCat("of ", asset, ", a branch of the tree does not add up"));
    }
    if (!trace.tree().empty() && in_tree != trace.asked())
      return Bad(absl::StrCat("of ", asset, ", the tree is not what was asked"));
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::RegistersAnswer& answer, const v1::RegistersRequest& request) {
  const model::Register* of = model::FindRegister(request.register_());
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::RegisterLine& line = answer.lines(i);
    if (of == nullptr || line.action().action_case() != of->action)
      return Bad("a line is of another register than was asked about");
    // Without those that ended, what is below one follows what is above it.
    if (i > 0 && !request.current() &&
        std::uint64_t{line.depth()} > std::uint64_t{answer.lines(i - 1).depth()} + 1)
      return Bad(absl::StrCat("in the tree, ", Escaped(model::IdOf(line.action())), " is ", line.depth(),
                              " levels down, and the one before it ", answer.lines(i - 1).depth()));
  }
  return absl::OkStatus();
}

Status CheckTexts(const google::protobuf::Message& answer) {
  using Field = google::protobuf::FieldDescriptor;
  const auto& reflection = *answer.GetReflection();
  std::vector<const Field*> fields;
  reflection.ListFields(answer, &fields);
  for (const Field* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(answer, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == Field::CPPTYPE_MESSAGE) {
        FT_RETURN_IF_ERROR(CheckTexts(field->is_repeated() ? reflection.GetRepeatedMessage(answer, field, i)
                                                           : reflection.GetMessage(answer, field)));
      } else if (field->type() == Field::TYPE_STRING) {
        std::string room;
        const std::string& text = field->is_repeated()
                                      ? reflection.GetRepeatedStringReference(answer, field, i, &room)
                                      : reflection.GetStringReference(answer, field, &room);
        if (HasControls(text, IsNote(*field)))
          return Bad(absl::StrCat("its field ", field->full_name(),
                                  " has control characters, which no ledger takes"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli

// See new_item.h.
#include "cli/commands/new_item.h"

#include <cstdint>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/names.h"
#include "cli/render/shown.h"
#include "fmt/format.h"
#include "ledger/sheets/party_id.h"

namespace fundtrail::cli {

StatusOr<v1::RegisterLine> PresentItem(Connection* connection, const model::Register& of,
                                       const std::string& id) {
  v1::RegistersRequest request;
  request.set_register_(std::string(of.name));
  request.add_ids(id);
  FT_ASSIGN_OR_RETURN(const auto answer, WholeRegisters(connection, request, kMaxShort));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (answer.lines_size() != 1 || answer.lines(0).action().action_case() != of.action ||
      model::IdOf(answer.lines(0).action()) != id)
    return absl::InternalError("the server answered without the item that was asked for");
  return answer.lines(0);
}

StatusOr<std::string> NewId(const Context& context, Connection* connection, const model::Register& of,
                            const std::string& name) {
  const std::string made = name.empty() ? "" : sheets::ReadableId(name);
  if (made.empty()) return absl::InvalidArgumentError("ID is required, or a --name that it can be made of");
  constexpr std::uint32_t kMaxTriedIds = 100;
  std::string id = made;
  for (std::uint32_t number = 2; number <= kMaxTriedIds; ++number) {
    const auto line = PresentItem(connection, of, id);
    if (absl::IsNotFound(line.status())) {
      std::fputs(render::Say("fundtrail: the new id is {}\n", id).In(context.language).c_str(), stderr);
      return id;
    }
    if (!line.ok()) return line.status();
    id = sheets::NumberedId(made, number);
  }
  return absl::InvalidArgumentError(fmt::format("the ids from {} to {} are taken: give an ID", made, id));
}

Status WarnOfParent(const Context& context, Connection* connection, bool parent_stated,
                    const std::string& author, const v1::Action& action) {
  const v1::RegisterParty& party = action.register_party();
  if (!action.has_register_party() || party.role() != v1::ROLE_SOURCE || parent_stated ||
      party.parent() != author)
    return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto line,
                      PresentItem(connection, *model::FindRegister(v1::Action::kRegisterParty), author));
  if (!line.action().register_party().parent().empty())
    Warn(context.language, absl::StrCat("the source ", party.id(), " stands below ", author,
                                        ", which registers it; --parent says below whom else"));
  return absl::OkStatus();
}

}  // namespace fundtrail::cli

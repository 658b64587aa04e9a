// Words that several answers have in common.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/render/shown.h"
#include "fundtrail/v1/duties.pb.h"
#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/joined.pb.h"

namespace fundtrail::render {

// "Dafang (dafang)"; the id alone where there is no name, and nothing for an empty id.
Shown Named(const std::string& id, const std::string& name);

// A word of this program that no literal holds, as the name of an enum's value; several stand between commas. Its Chinese is in
// chinese.def. Never a text from elsewhere, which could have the words of another thing.
Shown OwnWord(std::string_view english);

// The name of a register; any other text, as a server may send it, stays as it is.
Shown RegisterWord(const std::string& name);

// "41.08%".
std::string Percent(std::int64_t basis_points);

// "12,345".
std::string Number(std::uint64_t number);

// "crisis", of a severity from 1 to 5; empty for none, and the number, for any other.
std::string SeverityWord(std::uint32_t severity);

// "lead".
std::string RoleWord(v1::AssignDuty::Role role);

// "suspend"; empty for none.
std::string VerdictWord(v1::Evaluate::Verdict verdict);

// "Counted under oxfam: OXFAM GB (OXFAM), by record 12.": a line for each, and nothing where nobody is joined.
Shown JoinedText(const google::protobuf::RepeatedPtrField<v1::JoinedParty>& joined);

// "named, not accepted".
const char* AcceptanceWords(v1::DutyLine::Acceptance acceptance);

}  // namespace fundtrail::render

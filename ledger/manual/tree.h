// A command line as a list of commands: what the pages and the shells read, so that CLI11 is asked in one place.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace fundtrail::manual {

// What stands after an option, as far as a shell can help.
enum class Value { kNone, kAny, kFile, kFolder, kChoice };

struct Option {
  std::vector<std::string> names;    // with their dashes: "-h", "--help"; of an argument its name alone
  std::string value_name;            // FILE; empty without a value
  std::string remarks;               // what help says behind it: "(or $FUNDTRAIL_LEDGER)"
  std::string description;           // a sentence; may be empty
  Value value = Value::kNone;        // of what kind the value is
  std::vector<std::string> choices;  // of kChoice: its words
};

struct Command {
  std::string path;                // "party add"; of the program itself empty
  std::vector<std::string> names;  // "acknowledge", "ack"; the last word of the path first
  std::string title;               // under which its parent's help lists it
  std::string description;
  std::string footer;  // lines: examples, exit codes
  std::vector<Option> options, arguments;
  std::vector<Command> commands;
};

// The program and, in it, all commands that its help shows. The flag for help is an option of the program alone.
Command ReadTree(const CLI::App& app);

// The program and its commands in the order of help, each before what is in it. They live as long as `program`.
std::vector<const Command*> Flat(const Command& program);

}  // namespace fundtrail::manual

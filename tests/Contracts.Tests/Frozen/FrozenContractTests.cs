namespace Hype.Contracts.Tests.Frozen;

/// <summary>
/// Tests that processes of different versions understand each other's messages during an upgrade, and that the contents of the database
/// remain readable after it.
/// </summary>
public sealed class FrozenContractTests
{
    private static readonly FrozenList Types = new("serialized-types.txt");
    private static readonly FrozenList Fields = new("proto-fields.txt");

    [Test]
    public void Serialized_types_keep_their_aliases_member_ids_and_enum_values() => Types.AssertHolds(
        SerializedTypes.Lines(),
        "Processes of the last version and rows in the database still use it: put it back, and add what you "
        + "need under a new [Alias], [Id] or value. "
        + "A member that is not used any more stays, or leaves its [Id] unused permanently.");

    [Test]
    public void Fields_of_proto_files_keep_their_numbers() => Fields.AssertHolds(
        ProtoFields.Lines(),
        "Nodes and clients of the last version still send it: put it back, and add what you need under a new number. A field that is "
            + "not used any more becomes `reserved`.");

    [Test]
    public void Every_serialized_type_has_an_alias() =>
        Assert.That(SerializedTypes.WithoutAlias(), Is.Empty, "give these an [Alias]: their .NET names would be frozen otherwise");

    [Test]
    public void Proto_reader_finds_messages_oneofs_enums_and_calls() =>
        Assert.That(
            ProtoFields.Lines(
                "syntax = \"proto3\"; package a.v1; // no; line\nservice S { rpc Do(M) returns (stream N); } message M { reserved 2; "
                    + "oneof body { int32 x = 1; } N n = 3; } enum E { ZERO = 0; }"),
            Is.EqualTo(new[]
            {
                "a.v1.S: rpc Do(M) returns (stream N)", "a.v1.M: reserved 2", "a.v1.M: int32 x = 1", "a.v1.M: N n = 3", "a.v1.E: ZERO = 0",
            }));
}

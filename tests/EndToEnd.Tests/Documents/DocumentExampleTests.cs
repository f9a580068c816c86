using Hype.EndToEnd.Tests.Documents.Grpcurl;

namespace Hype.EndToEnd.Tests.Documents;

/// <summary>Tests the parser of the documents' examples: it must find every command with its outcome.</summary>
public sealed class DocumentExampleTests
{
    private static readonly string[] Page =
    [
        "curl in prose is none",
        "```sh",
        "TOKEN=abc",
        "curl -H \"authorization: Bearer $TOKEN\" \\",
        "  http://localhost:8080/x   # 404 while the channel is empty",
        "",
        "grpcurl -plaintext localhost:8081 a.B/C",
        "{",
        "  \"nodes\": [{ \"id\": \"n\", \"load\": 0.5 }]",
        "}",
        "curl -N http://localhost:8080/events  # until Ctrl-C",
        "```",
    ];

    [Test]
    public void Parser_reads_example_commands_with_variable_assignments_comments_and_answers()
    {
        var examples = DocumentExample.Read("page.md", Page).ToArray();
        Assert.That(
            examples.Select(example => (example.Line, example.Status, example.IsEndless)),
            Is.EqualTo(new (int, int?, bool)[] { (4, 404, false), (7, null, false), (11, null, true) }));
        Assert.That(examples.Select(example => example.Given), Is.All.EqualTo("TOKEN=abc\n"));
        Assert.That(examples[0].Command, Does.EndWith("# 404 while the channel is empty"));
        Assert.That(JsonShape.Of(examples[1].Answer), Is.EquivalentTo(new[] { ".nodes", "nodes[].id", "nodes[].load" }));
    }

    [Test]
    public void JSON_answers_with_different_property_names_have_different_shapes() =>
        Assert.That(JsonShape.Of("""{"a":[{"b":1}]}"""), Is.Not.EqualTo(JsonShape.Of("""{"a":[{"c":1}]}""")));

    [Test]
    public void Supported_grpcurl_arguments_are_parsed_and_an_unsupported_argument_is_refused()
    {
        var command = GrpcurlCommand.Parse(["-plaintext", "-H", "authorization: Bearer x", "-d", "{}", "localhost:1", "a.B/C"]);
        Assert.That(
            (command.IsPlaintext, command.Headers.Single(), command.Data, command.Address, command.Verb, command.Symbol),
            Is.EqualTo((true, ("authorization", "Bearer x"), "{}", "localhost:1", "", "a.B/C")));
        Assert.That(GrpcurlCommand.Parse(["localhost:1", "list"]).Verb, Is.EqualTo("list"));
        Assert.That(() => GrpcurlCommand.Parse(["-import-path", "x", "localhost:1", "list"]), Throws.TypeOf<FormatException>());
    }
}

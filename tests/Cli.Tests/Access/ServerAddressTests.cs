using Hype.Cli.Access;

namespace Hype.Cli.Tests.Access;

public sealed class ServerAddressTests
{
    [TestCase(null, null, null, "http://localhost:8080/")]
    [TestCase(null, null, "http://c:1", "http://c:1/")]
    [TestCase(null, "http://b:1", "http://c:1", "http://b:1/")]
    [TestCase("http://a:1", "http://b:1", "http://c:1", "http://a:1/")]
    [TestCase("https://a.example.org/voice", null, null, "https://a.example.org/voice/")]
    public void Server_address_is_read_from_the_option_or_else_the_environment_and_keeps_the_URL_path(
        string? option, string? url, string? gateway, string address) =>
        Assert.That(
            ServerAddress.Resolve(option, name => name switch { "HYPE_URL" => url, "HYPE_GATEWAY" => gateway, _ => null }),
            Is.EqualTo(new Uri(address)));

    [Test]
    public void Invalid_server_address_is_reported_with_the_name_of_the_option_or_environment_variable()
    {
        var wrong = Assert.Throws<WrongUsageException>(
            () => ServerAddress.Resolve(null, name => name == "HYPE_GATEWAY" ? "localhost:8080" : null));
        Assert.That(wrong!.Message, Does.Contain("HYPE_GATEWAY").And.Contain("'localhost:8080'"));
    }
}

using System.Net;
using System.Net.Sockets;
using Hype.Cli.Commands;
using Hype.Cli.Tests.Testing;
using Hype.Gateway.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Hype.Cli.Tests.Commands;

/// <summary>Tests the exit codes and error messages of failing commands, and the help text.</summary>
public sealed class ExitCodeTests
{
    [Test]
    public async Task Refused_request_exits_with_1_and_prints_the_error_code_and_the_error_message()
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        var said = await Typist.At(gateway).TypeAsync("node", "nobody");
        Assert.That(said, Is.EqualTo(
            new Said(ExitCode.Refused, "", $"hype: unknownNode: No media node of this name is registered.{Environment.NewLine}")));
    }

    [Test]
    public async Task Missing_credentials_are_reported_with_the_variables_to_set()
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        var said = await Typist.Nowhere().With("HYPE_URL", gateway.Url.ToString()).TypeAsync("nodes");
        Assert.That(said.Code, Is.EqualTo(ExitCode.Refused));
        Assert.That(said.Errors, Does.StartWith("hype: unauthorized: ").And.Contain("HYPE_API_KEY_ID").And.Contain("HYPE_TOKEN"));
    }

    [Test]
    public async Task Request_signed_with_an_unknown_API_key_exits_with_1()
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        var said = await Typist.At(gateway).With("HYPE_API_KEY_ID", "somebody-else").TypeAsync("nodes");
        Assert.That((said.Code, said.Errors), Is.EqualTo((ExitCode.Refused,
            $"hype: unauthorized: The token is missing, expired or not signed by a known key: get a new one.{Environment.NewLine}")));
    }

    [Test]
    public async Task Call_to_an_unreachable_server_exits_with_3()
    {
        var said = await Typist.Nowhere().TypeAsync("nodes", "--url", $"http://127.0.0.1:{FreePort()}");
        Assert.That(said.Code, Is.EqualTo(ExitCode.Unreachable));
        Assert.That(said.Errors, Does.Contain("cannot be reached"));
    }

    [TestCase(200, "<html>Hello</html>")]
    [TestCase(502, "<html>Bad gateway</html>")]
    public async Task Call_to_a_server_that_is_not_a_gateway_exits_with_3(int status, string page)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var stranger = builder.Build();
        stranger.Run(context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, "text/html");
            return context.Response.WriteAsync(page);
        });
        await stranger.StartAsync();

        var said = await Typist.Nowhere().TypeAsync("nodes", "--url", stranger.Urls.Single());

        Assert.That((said.Code, said.Output), Is.EqualTo((ExitCode.Unreachable, "")));
        Assert.That(said.Errors, Does.Contain("gateway of Hype"));
    }

    [TestCase("frobnicate")]
    [TestCase("kick lobby")]
    [TestCase("kick lobby ada")]
    [TestCase("nodes --url localhost")]
    [TestCase("nodes --url http://user:word@localhost")]
    [TestCase("ban lobby ada --for soon")]
    [TestCase("token --identity ada --channel lobby --grants shout")]
    [TestCase("token --identity ada --channel two,words")]
    [TestCase("token --channel lobby")]
    public async Task Wrong_arguments_exit_with_2_without_a_request(string command)
    {
        var said = await Typist.Nowhere().TypeAsync(command.Split(' '));
        Assert.That(said.Code, Is.EqualTo(ExitCode.WrongUsage), said.Errors);
        Assert.That(said.Errors, Does.StartWith("hype: "));
        Assert.That(said.Output, Is.Empty);
    }

    [Test]
    public async Task All_wrong_arguments_are_reported_together()
    {
        var said = await Typist.Nowhere()
            .TypeAsync("token", "--identity", "ada", "--channel", "two*words", "--grants", "shout", "--ttl", "soon");
        Assert.That(said.Errors, Does.Contain("'*' only at the end").And.Contain("'shout'").And.Contain("'soon'"));
    }

    [TestCase("HYPE_API_KEY_ID", "test", "HYPE_API_SECRET")]
    [TestCase("HYPE_API_SECRET", "a-secret-of-the-tests-with-more-than-32-bytes", "HYPE_API_KEY_ID")]
    public async Task Key_id_without_a_secret_or_vice_versa_exits_with_2_and_names_the_missing_variable(
        string variable, string value, string missing)
    {
        var said = await Typist.Nowhere().With(variable, value).TypeAsync("nodes");
        Assert.That(said.Code, Is.EqualTo(ExitCode.WrongUsage));
        Assert.That(said.Errors, Does.Contain($"{missing} is not"));
        Assert.That(said.Errors, Does.Not.Contain("a-secret"));
    }

    [Test]
    public async Task Token_command_without_an_API_key_exits_with_2()
    {
        var said = await Typist.Nowhere().TypeAsync("token", "--identity", "ada", "--channel", "lobby");
        Assert.That(said.Code, Is.EqualTo(ExitCode.WrongUsage));
        Assert.That(said.Errors, Does.Contain("HYPE_API_SECRET"));
    }

    [Test]
    public async Task Help_lists_every_command()
    {
        var said = await Typist.Nowhere().TypeAsync("--help");
        Assert.That(said.Code, Is.EqualTo(ExitCode.Done));
        foreach (var command in new[] { "status", "regions", "channels", "channel", "close", "kick", "mute", "unmute", "move", "ban",
            "unban", "bans", "restrictions", "lift", "nodes", "node", "drain", "token" })
            Assert.That(said.Output, Does.Match($@"\n  {command}\b"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Text.RegularExpressions;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Sdk;

/// <summary>
/// Proves that the page and the server in docs/getting-started.md work: extracts their code, runs them, and joins a channel.
/// </summary>
internal sealed partial class GettingStarted : Scenario
{
    private const string Url = "http://localhost:3000/talk.html";

    private static readonly string Text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "getting-started.md"));

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Channels__ResumeWindow"] = "00:00:01", // both tests join the channel of the document's page
    };

    [SetUp]
    public void ChannelOfThePage() => Channel = "lobby";

    [Test]
    public async Task Example_page_joins_with_a_guest_token()
    {
        var page = await OpenPageAsync();
        // Serves the page, as any web server would.
        await page.RouteAsync(
            Url, route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = Block("html") }));

        await TalkAsync(page, "Ada");
    }

    [Test]
    public async Task Example_page_joins_with_a_token_from_the_server_of_the_application()
    {
        var folder = Directory.CreateTempSubdirectory("hype-application-");
        var page = TokenFunction().Replace(Block("html"), Block("js", 1));
        File.WriteAllText(Path.Combine(folder.FullName, "talk.html"), page);
        File.WriteAllText(Path.Combine(folder.FullName, "server.mjs"), Block("js"));
        await using var server = Network.Start("node", ["server.mjs"], folder.FullName);
        using var http = Network.CreateHttpClient(new Uri(Url));
        await Waiting.UntilAsync(() => AnswersAsync(http), TimeSpan.FromSeconds(20), () => server.Log, () => server.HasExited);

        await TalkAsync(await OpenPageAsync(), "Ada Lovelace");
    }

    private async Task TalkAsync(IPage page, string name)
    {
        var bobs = await OpenVoicePageAsync();
        var bob = await bobs.JoinSpeakerAsync("Bob", Channel, Tone.Of(0));
        await page.GotoAsync(Url);
        await page.Locator("#join").ClickAsync();

        await bob.SeesAsync(name, "Bob");
        await Assertions.Expect(page.Locator("li", new() { HasText = "Bob speaks" })).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await bob.NoticesAsync(name); // the fake microphone beeps
        await page.Locator("#mute").ClickAsync();
        await bobs.WaitAsync(
            "name => voice.describe('Bob', []).then(({ roster }) => roster.some((member) => member.name === name && member.muted))",
            name,
            TimeSpan.FromSeconds(10),
            () => bob.DescribeAsync([]));
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/talk.html");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }

    private static string Block(string language, int index = 0) =>
        CodeBlock().Matches(Text).Where(match => match.Groups[1].Value == language).ElementAt(index).Groups[2].Value;

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    // Matches the function `token` in the page, up to the closing brace with the same indentation.
    [GeneratedRegex(@"^  async function token.*?^  \}\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex TokenFunction();
}

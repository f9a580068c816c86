using System.Text.Json;
using Hype.EndToEnd.Tests.Interop;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Sdk;

/// <summary>
/// Proves that the SDK works as an npm package: packed, installed into an application, bundled, and loaded into a browser.
/// </summary>
internal sealed class SdkPackage : Scenario
{
    private const string Page = "http://localhost:3000/";

    private DirectoryInfo _application = null!;

    [OneTimeSetUp]
    public async Task PackAndInstall()
    {
        await NodePeer.InstallAsync();
        _application = Directory.CreateTempSubdirectory("hype-application-");
        File.WriteAllText(
            Path.Combine(_application.FullName, "package.json"), """{ "name": "application", "private": true, "type": "module" }""");
        await NodeTools.NpmAsync(NodeTools.Sdk, "pack", "--silent", "--pack-destination", _application.FullName);
        var tarball = _application.GetFiles("hype-voice-*.tgz").Single();
        await NodeTools.NpmAsync(
            _application.FullName, "install", "--silent", "--offline", "--no-audit", "--no-fund", $"./{tarball.Name}");
    }

    [OneTimeTearDown]
    public void DeleteApplication() => _application.Delete(recursive: true);

    [Test]
    public async Task Page_bundled_with_the_SDK_package_joins_a_channel()
    {
        File.Copy(RepositoryPaths.InProject("Sdk", "bundled-page.js"), Path.Combine(_application.FullName, "page.js"));
        await NodeTools.BundleAsync(_application.FullName, "page.js", "bundle.js");
        var script = await File.ReadAllTextAsync(Path.Combine(_application.FullName, "bundle.js"));
        var bob = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Bob", Channel, Tone.Of(0));

        var page = await OpenPageAsync();
        await page.RouteAsync($"{Page}**", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html",
            Body = $"<!doctype html><body><script type=\"module\">{script}</script>",
        }));
        await page.GotoAsync($"{Page}?channel={Channel}&name=Ada&gateway={GatewayProcess.Url.ToString().TrimEnd('/')}");

        await bob.SeesAsync("Ada", "Bob");
        await Assertions.Expect(page.Locator("body")).ToHaveTextAsync("Bob, Ada");
        Assert.That(await page.EvaluateAsync<string>("() => report()"), Does.Contain("Hype connection report"));
    }

    [Test]
    public async Task TypeScript_application_compiles_with_the_installed_package()
    {
        File.WriteAllText(Path.Combine(_application.FullName, "app.ts"), """
            import { join, type VoiceChannel } from 'hype-voice';
            export const enter = (token: string): Promise<VoiceChannel> => join('lobby', { token });
            """);

        await NodeTools.CompileAsync(
            _application.FullName, "--strict", "--noEmit", "--target", "esnext", "--moduleResolution", "bundler", "--module", "esnext",
                "app.ts");
    }

    [Test]
    public void SDK_package_contains_only_the_modules_of_the_SDK_and_the_licence()
    {
        var installed = Path.Combine(_application.FullName, "node_modules", "hype-voice");

        Assert.That(Files(installed), Is.EquivalentTo(Files(NodeTools.Sdk)));
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(installed, "package.json")));
        Assert.That(
            manifest.RootElement.GetProperty("exports").GetProperty(".").GetProperty("default").GetString(),
            Is.EqualTo("./hype-voice.js"));
        Assert.That(
            File.ReadAllText(Path.Combine(installed, "LICENSE")),
            Is.EqualTo(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "LICENSE"))));
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file));
}

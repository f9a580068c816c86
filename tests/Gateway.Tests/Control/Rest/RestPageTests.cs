using System.Text.RegularExpressions;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Control.Rest;

/// <summary>Tests that docs/rest.md lists exactly the routes of the gateway, because users write scripts from this page.</summary>
public sealed partial class RestPageTests
{
    [Test]
    public async Task Every_route_of_the_REST_API_is_listed_on_the_documentation_page()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var page = await File.ReadAllTextAsync(FindPage());
        var routes = gateway.Routes
            .Select(route => route.RoutePattern.RawText!)
            .Where(route => route.StartsWith("/api/voice/", StringComparison.Ordinal) && route != "/api/voice/ws")
            .Distinct()
            .ToArray();
        Assert.That(routes, Has.Length.GreaterThan(10));
        // A row may shorten a route that it has named before: `…/drain`, `/unmute`.
        Assert.That(
            routes.Where(
                route => !page.Contains(route, StringComparison.Ordinal)
                    && !page.Contains($"/{LastTwo(route)}`", StringComparison.Ordinal)
                    && !page.Contains($"`/{Last(route)}`", StringComparison.Ordinal)),
            Is.Empty);
    }

    [Test]
    public async Task Every_route_listed_on_the_documentation_page_exists()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var routes = gateway.Routes.Select(route => route.RoutePattern.RawText!).ToHashSet();
        var named = NamedRoute()
            .Matches(await File.ReadAllTextAsync(FindPage()))
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .ToArray();
        Assert.That(named, Has.Length.GreaterThan(5));
        Assert.That(named.Except(routes), Is.Empty);
    }

    private static string Last(string route) => route[(route.LastIndexOf('/') + 1)..];

    private static string LastTwo(string route) => string.Join('/', route.Split('/')[^2..]);

    private static string FindPage()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "docs", "rest.md")))
            folder = folder.Parent;
        return Path.Combine(
            folder?.FullName ?? throw new InvalidOperationException($"No docs/rest.md above {AppContext.BaseDirectory}."),
            "docs",
            "rest.md");
    }

    [GeneratedRegex(@"`(?:GET|PUT|POST|DELETE) (/[^`]+)`")]
    private static partial Regex NamedRoute();
}

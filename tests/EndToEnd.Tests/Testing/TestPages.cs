using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// Serves the folder <c>Pages</c> at <c>/e2e/</c> of the gateway's own origin, so that the product serves no test code and the pages
/// still load the real SDK.
/// </summary>
internal static class TestPages
{
    public static Task ServeAsync(IBrowserContext context) =>
        context.RouteAsync("**/e2e/*", route =>
        {
            var name = Path.GetFileName(new Uri(route.Request.Url).AbsolutePath);
            return route.FulfillAsync(new RouteFulfillOptions { Path = Path.Combine(AppContext.BaseDirectory, "Pages", name) });
        });
}

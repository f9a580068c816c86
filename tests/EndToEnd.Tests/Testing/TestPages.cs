using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// Serves the test pages, the folder <c>Pages</c>, under <c>/e2e/</c> of the gateway's origin. The pages thus load the real SDK, and the
/// product contains no test code.
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

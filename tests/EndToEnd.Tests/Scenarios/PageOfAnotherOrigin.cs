using Hype.EndToEnd.Tests.Testing;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>Proves that a page of another origin can import the SDK from the gateway, as the README shows.</summary>
internal sealed class PageOfAnotherOrigin : Scenario
{
    [Test]
    public async Task Page_of_another_origin_imports_the_SDK_from_the_gateway()
    {
        var page = await OpenPageAsync();
        // No server is behind the URL: only its origin matters.
        await page.RouteAsync(
            "http://localhost:3000/",
            route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = "<!doctype html>" }));
        await page.GotoAsync("http://localhost:3000/");

        var join = await page.EvaluateAsync<string>(
            "async (sdk) => typeof (await import(sdk)).join", new Uri(Gateway.Api.Url, "/sdk/hype-voice.js").ToString());

        Assert.That(join, Is.EqualTo("function"));
    }
}
